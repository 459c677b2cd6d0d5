import {
  AccessDenied,
  type Assignment,
  defineModel,
  isAuthorizationError,
  parseMembershipId,
  parseOrganizationId,
  type Session,
} from '@bailiwick/core'
import { type EmbeddedEngine, memoryStore, openEngine } from '@bailiwick/engine'
import { Authorizer } from '../authorizer.js'
import type { AuthorizerOptions } from '../authorizer-options.js'
import type { EnforcedPermission } from '../decisions/enforced-permission.js'
import { enforce, enforceAtOnce } from './enforce.js'
import type { RequestView } from './request-view.js'
import type { Requirement } from './requirement.js'

const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
    bot: { parents: ['workspace'], agent: true },
  },
  permissions: {
    'project:view': 'project',
    'project:edit': 'project',
    'project:delete': { on: 'project', fresh: true },
    'billing:manage': 'organization',
  },
  roles: {
    guest: { on: 'organization', permissions: [] },
    'all-projects': { on: 'organization', permissions: ['project:edit'] },
    accountant: { on: 'organization', permissions: ['billing:manage'] },
    'workspace-editor': { on: 'workspace', permissions: ['project:edit'] },
    'project-editor': { on: 'project', permissions: ['project:view', 'project:edit', 'project:delete'] },
  },
  defaultRole: 'guest',
})

export const acme = parseOrganizationId('org_acme')
export const ada = { membershipId: parseMembershipId('om_ada') }
export const project = (externalId: string) => ({ type: 'project', externalId })
export const eng = { type: 'workspace', externalId: 'eng' }
export const ops = { type: 'workspace', externalId: 'ops' }
export const helper = { agent: { type: 'bot', externalId: 'helper' } }

/** Ada's session as a verifier makes it: frozen, and another object for each token. */
export function sessionOf(of: Partial<Session> = {}): Session {
  const session = {
    userId: 'ada',
    organizationId: acme,
    membershipId: ada.membershipId,
    actors: [],
    roles: [],
    permissions: [],
    sessionId: undefined,
    issuedAt: 0,
    expiresAt: 1,
    claims: {},
    ...of,
  }
  for (const part of Object.values(session)) Object.freeze(part)
  return Object.freeze(session)
}

/** A request whose path names an id, or none. */
export function requestOf(id: unknown, more: Partial<RequestView> = {}): RequestView {
  const params = id === undefined ? {} : { id }
  return { params, query: {}, body: undefined, rawHeaders: [], native: undefined, ...more }
}

/** An empty engine that nobody else writes to. */
export function openAlone(): Promise<EmbeddedEngine> {
  return openEngine({ store: memoryStore({ access: 'exclusive' }), model })
}

/** Ada in Acme without a role; projects `web` and `app` and the agent `helper` in `eng`; nothing in `ops`. */
export async function openGuarded(): Promise<EmbeddedEngine> {
  const engine = await openAlone()
  await engine.createOrganization({ id: acme, name: 'Acme' })
  for (const { externalId } of [eng, ops])
    await engine.createResource({ organizationId: acme, ...eng, externalId, name: externalId })
  for (const within of [project('web'), project('app'), helper.agent])
    await engine.createResource({ organizationId: acme, ...within, name: within.externalId, parent: eng })
  await engine.createMembership({ organizationId: acme, userId: 'ada', id: ada.membershipId, roles: [] })
  return engine
}

/** Give a role in Acme, to Ada unless it is said to whom. */
export async function give(
  engine: EmbeddedEngine,
  role: string,
  resource?: ReturnType<typeof project>,
  subject: Parameters<EmbeddedEngine['assignRole']>[0]['subject'] = ada,
): Promise<Assignment> {
  const given = { organizationId: acme, subject, role, ...(resource && { resource }) }
  return (await engine.assignRole(given)).value
}

/** An authorizer, and how often its engine was asked anything by guards. */
export interface Counted {
  readonly authz: Authorizer
  asked: number
}

export function countedAuthorizer(engine: EmbeddedEngine, options: Partial<AuthorizerOptions> = {}): Counted {
  const counting = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (name === 'atOnce') return value && counting(value)
        if (typeof value !== 'function') return value
        return (...input: unknown[]) => {
          if (name !== 'moment') counted.asked += 1
          return (value as (...input: unknown[]) => unknown).apply(target, input)
        }
      },
    })
  const session = { verify: () => Promise.reject(new Error('no token is read here')) }
  const authz = new Authorizer({ engine: counting(engine), session, ...options })
  const counted: Counted = { authz, asked: 0 }
  return counted
}

/** What a guard enforces, at once where that can be. @throws as `enforce` */
export async function enforced(
  { authz }: Counted,
  requirement: Requirement,
  request: RequestView,
  session: Session,
): Promise<readonly EnforcedPermission[]> {
  return enforceAtOnce(authz, session, requirement, request) ?? enforce(authz, session, requirement, request)
}

/** What a guard says: `allow`, why not, or what it takes offence at. */
export async function ask(...[by, ...asking]: Parameters<typeof enforced>): Promise<string> {
  try {
    await enforced(by, ...asking)
    return 'allow'
  } catch (error) {
    if (error instanceof AccessDenied) return error.decision.reason
    if (isAuthorizationError(error)) return error.code
    throw error
  }
}

/** The same as often as it takes for an allow to be kept: what is asked once is not. */
export async function askTwice(...asking: Parameters<typeof ask>): Promise<string> {
  await ask(...asking)
  return ask(...asking)
}

/** What it says, and whether the engine was asked for it. */
export async function askCounted(
  ...[by, ...asking]: Parameters<typeof enforced>
): Promise<readonly [answer: string, by: 'asked' | 'kept']> {
  const before = by.asked
  const answer = await ask(by, ...asking)
  return [answer, by.asked === before ? 'kept' : 'asked']
}
