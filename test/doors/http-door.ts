import { type Authorizer, createAuthorizer } from '@bailiwick/client'
import type { AuthorizationEngine, ModelDefinition, ResourceId } from '@bailiwick/core'
import { createIssuer, type Issuer } from '@bailiwick/testing'
import { expect } from 'vitest'
import type { Outcome } from '../oracle/perform.js'
import type { Expected, ExpectedList, World, WorldCommand } from '../worlds/world.js'
import type { Door, Room } from './door.js'
import { enterWith } from './engine-door.js'
import { memoryPlace } from './engine-places.js'
import { GroupIds } from './group-ids.js'
import { type GuardedPath, GuardedPaths } from './guarded-paths.js'
import { agentTypeOf, loginsOf, whyNoToken } from './logins.js'
import { TellingEngine } from './telling-engine.js'

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
    whyNoCheck: whyNoToken,
    whyNoList: () => 'a guard answers for one resource, and shows no list',
    async open(world) {
      const place = memoryPlace()
      const issuer = await createIssuer()
      const groups = new GroupIds()
      return {
        enter: (model) =>
          enterWith(model, place, (engine) =>
            openRoom(world, model, new TellingEngine(engine, groups), issuer, serve),
          ),
        discard: () => place.discard(),
      }
    },
  }
}

async function openRoom(
  world: World,
  model: ModelDefinition,
  told: TellingEngine,
  issuer: Issuer,
  serve: Serve,
): Promise<Room> {
  const { engine } = told
  const paths = new GuardedPaths(world, model)
  const type = agentTypeOf(model)
  const agents = type === undefined ? {} : { agents: { type } }
  const authorizer = createAuthorizer({
    engine,
    session: issuer.sessionOptions,
    deadlineMs: 60_000,
    ...agents,
  })
  return new HttpRoom(told, issuer, paths, await serve(authorizer, paths.all))
}

class HttpRoom implements Room {
  constructor(
    readonly told: TellingEngine,
    readonly issuer: Issuer,
    readonly paths: GuardedPaths,
    readonly served: Served,
  ) {}

  perform(command: WorldCommand): Promise<Outcome> {
    return this.told.perform(command)
  }

  async ask(expected: Expected): Promise<void> {
    const paths = await this.#pathsTo(expected)
    const logins = await loginsOf(this.engine, expected)
    const tokens = await Promise.all(logins.map((login) => this.issuer.token(login)))
    for (const path of paths) for (const token of tokens) await this.#request(path, token, expected)
  }

  async list({ sentence }: ExpectedList): Promise<void> {
    throw new Error(`"${sentence}" is asked of a door that has no lists`)
  }

  get engine(): AuthorizationEngine {
    return this.told.engine
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
}
