import type { Authorizer } from '@bailiwick/client'
import {
  type AuthorizationEngine,
  type Group,
  type Membership,
  Misconfigured,
  type Model,
  type Organization,
  type Resource,
  type Session,
  shown,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { createIssuer, type Issuer } from '../issuer/create-issuer.js'
import type { TokenRequest } from '../issuer/token-request.js'
import { countedAuthorizer } from '../permission-coverage/coverage.js'
import { type FilledOrganization, fillEngine } from './fill-engine.js'
import type { Fixtures, Place } from './fixtures.js'
import { named } from './named.js'
import { organizationPermissions } from './organization-permissions.js'

/** Where somebody or something of the fixtures is meant, when its name is in several organizations. */
export interface InOrganization {
  readonly in?: string
}

/** What a token says besides who and where. */
export interface TokenForOptions
  extends InOrganization,
    Omit<TokenRequest, 'user' | 'organization' | 'membership'> {}

/** An engine in memory, filled, with the authorizer and the issuer that belong to it. */
export interface TestEngine<M extends Model = Model> {
  readonly engine: AuthorizationEngine
  readonly issuer: Issuer
  /** For the guards of the application under test. */
  readonly authz: Authorizer

  /**
   * A token as the identity provider would issue it now: with the organization-level roles held at this moment, and
   * all that holds in the whole organization, without any permission that an exclusion denies somewhere in it.
   */
  tokenFor(person: string, options?: TokenForOptions): Promise<string>
  /** The session of that token, for a test that calls the authorizer itself. */
  sessionFor(person: string, options?: TokenForOptions): Promise<Session>

  /** As the fixtures made it; so with the others. @throws {Misconfigured} for a name that they do not hold. */
  organization(name: string): Organization
  membership(person: string, where?: InOrganization): Membership
  resource(place: Place<M>, where?: InOrganization): Resource
  group(name: string, where?: InOrganization): Group

  /**
   * Move the time by which tokens are issued and judged, in milliseconds.
   *
   * @throws {Misconfigured} with an issuer of your own, which has its own clock.
   */
  travel(ms: number): void

  close(): Promise<void>
}

/**
 * Open an engine in memory and fill it, for a test that needs no server and no clean-up.
 *
 * @throws {Misconfigured} or the error of the command, when the fixtures do not fit the model.
 *
 * @example
 * const { authz, tokenFor } = await testEngine({
 *   model,
 *   organizations: {
 *     acme: {
 *       resources: { 'workspace:design': { 'project:web': {} } },
 *       people: { ada: { roles: ['owner'] }, bob: { on: { 'project:web': 'project-editor' } }, eve: {} },
 *     },
 *   },
 * })
 */
export async function testEngine<M extends Model>(fixtures: Fixtures<M>): Promise<TestEngine<M>> {
  const engine = await openEngine({ store: memoryStore({ access: 'exclusive' }), model: fixtures.model })
  let travelledMs = 0
  const issuer = fixtures.issuer ?? (await createIssuer({ clock: () => Date.now() + travelledMs }))
  const authz = countedAuthorizer({
    engine,
    session: issuer.sessionOptions,
    ...(fixtures.agents && { agents: fixtures.agents }),
  })
  // What the compiler has checked for this model is, inside, only names.
  const filled = await fillEngine(engine, fixtures as unknown as Fixtures)

  const within = ({ in: name }: InOrganization = {}) =>
    name === undefined ? [...filled.values()] : [named(filled, name, 'organization')]
  const membership: TestEngine['membership'] = (person, where) =>
    find(within(where), ({ memberships }) => memberships, person, 'person')

  const tokenFor: TestEngine['tokenFor'] = async (person, { in: where, ...request } = {}) => {
    const { id, organizationId, userId } = membership(person, where === undefined ? {} : { in: where })
    const roles = (await engine.findMembership(organizationId, { membershipId: id }))?.roles ?? []
    const permissions = await organizationPermissions(engine, organizationId, id, request.roles)
    return issuer.token({
      user: userId,
      organization: organizationId,
      membership: id,
      roles,
      permissions,
      ...request,
    })
  }

  return {
    engine,
    issuer,
    authz,
    tokenFor,
    sessionFor: async (person, options) => authz.authenticate(await tokenFor(person, options)),
    organization: (name) => named(filled, name, 'organization').organization,
    membership,
    resource: (place, where) => find(within(where), ({ resources }) => resources, place, 'resource'),
    group: (name, where) => find(within(where), ({ groups }) => groups, name, 'group'),
    travel: (ms) => {
      if (fixtures.issuer !== undefined)
        throw new Misconfigured('`travel` moves the clock of its own issuer: this one came with the fixtures')
      travelledMs += ms
    },
    close: () => engine.close(),
  }
}

function find<Value>(
  organizations: readonly FilledOrganization[],
  held: (organization: FilledOrganization) => ReadonlyMap<string, Value>,
  name: string,
  noun: string,
): Value {
  const holding = organizations.filter((organization) => held(organization).has(name))
  if (holding.length > 1) {
    const names = holding.map(({ organization }) => `\`${organization.name}\``).join(' and ')
    throw new Misconfigured(`${shown(name)} is in ${names}: say which with \`{ in: '…' }\``)
  }
  return named(new Map(organizations.flatMap((organization) => [...held(organization)])), name, noun)
}
