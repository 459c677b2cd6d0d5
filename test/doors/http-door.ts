import { type Authorizer, createAuthorizer } from '@bailiwick/client'
import type { AuthorizationEngine, ModelDefinition, ResourceId } from '@bailiwick/core'
import { createIssuer, type Issuer, type TokenRequest } from '@bailiwick/testing'
import { expect } from 'vitest'
import type { Outcome } from '../oracle/perform.js'
import type { Expected, World, WorldCommand } from '../worlds/world.js'
import type { Door, Room } from './door.js'
import { enterWith } from './engine-door.js'
import { memoryPlace } from './engine-places.js'
import { type GuardedPath, GuardedPaths } from './guarded-paths.js'
import { performTold } from './perform-told.js'

/** An application that listens. */
export interface Served {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  close(): Promise<void>
}

/** Builds an application of these routes, each answering 200 once its guard lets a request through. */
export type Serve = (authorizer: Authorizer, paths: readonly GuardedPath[]) => Promise<Served>

/** Guarded routes of a framework, asked over HTTP with the tokens that an identity provider would have issued. */
export function httpDoor(name: string, serve: Serve): Door {
  return {
    name,
    async open(world) {
      const place = memoryPlace()
      const issuer = await createIssuer()
      return {
        enter: (model) => enterWith(model, place, (engine) => openRoom(world, model, engine, issuer, serve)),
        discard: () => place.discard(),
      }
    },
  }
}

async function openRoom(
  world: World,
  model: ModelDefinition,
  engine: AuthorizationEngine,
  issuer: Issuer,
  serve: Serve,
): Promise<Room> {
  const paths = new GuardedPaths(world, model)
  const authorizer = createAuthorizer({ engine, session: issuer.sessionOptions })
  return new HttpRoom(engine, issuer, paths, await serve(authorizer, paths.all))
}

class HttpRoom implements Room {
  constructor(
    readonly engine: AuthorizationEngine,
    readonly issuer: Issuer,
    readonly paths: GuardedPaths,
    readonly served: Served,
  ) {}

  perform(command: WorldCommand): Promise<Outcome> {
    return performTold(this.engine, command)
  }

  async ask(expected: Expected): Promise<void> {
    const paths = await this.#pathsTo(expected)
    const tokens = await Promise.all((await this.#logins(expected)).map((login) => this.issuer.token(login)))
    for (const path of paths) for (const token of tokens) await this.#request(path, token, expected)
  }

  async leave(): Promise<void> {
    await this.served.close()
    await this.engine.close()
  }

  async #request(path: string, token: string, expected: Expected): Promise<void> {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`${this.served.url}${path}`, { headers })
    const body: unknown = await response.json()
    const { sentence, permission, answer } = expected
    expect(response.status, `${sentence}: ${JSON.stringify(body)}`).toBe(answer.kind === 'allow' ? 200 : 403)
    if (answer.kind === 'deny') expect(body, sentence).toMatchObject({ code: 'access_denied', permission })
  }

  async #pathsTo(expected: Expected): Promise<readonly string[]> {
    const { organizationId, resource } = expected
    if (resource === undefined) return [this.paths.to(expected, 'externalId', '')]
    const found = await this.engine.findResource(resource.organizationId, resource)
    const own: readonly ResourceId[] = found === undefined ? [] : [found.id]
    const external = resource.organizationId === organizationId ? [resource.externalId] : []
    return [
      ...external.map((id) => this.paths.to(expected, 'externalId', id)),
      ...own.map((id) => this.paths.to(expected, 'id', id)),
    ]
  }

  /**
   * The same person as different identity providers tell of him: with his membership, without it, and with all
   * that his roles in the organization allow at this moment, so that the token may answer by itself.
   */
  async #logins(expected: Expected): Promise<readonly TokenRequest[]> {
    const { userId: user, organizationId: organization, membershipId: membership } = expected
    const login = { user, organization, membership }
    const here = await this.engine.findMembership(organization, { membershipId: membership })
    if (here === undefined) return [login]
    const anonymous = { ...login, claims: { organization_membership_id: undefined } }
    if (here.status !== 'active') return [login, anonymous]
    const permissions = here.roles.flatMap((role) => this.engine.model.role(role).permissions)
    return [login, anonymous, { ...login, roles: here.roles, permissions: [...new Set(permissions)].sort() }]
  }
}
