import type { AuthorizationEngine, MembershipId, ModelDefinition } from '@bailiwick/core'
import type { TokenRequest } from '@bailiwick/testing'
import type { Expected, Subject } from '../worlds/world.js'
import { isMemberElsewhere } from './expect-answer.js'

/** Who stands behind a token: a user, and the agents that act for her, the one acting now first. */
interface Parties {
  readonly user: Subject
  readonly membershipId: MembershipId
  readonly actors: readonly string[]
}

/** The one type of agents of a model, which is all that an application can accept. */
export function agentTypeOf({ resourceTypes }: ModelDefinition): string | undefined {
  const [type, second] = Object.keys(resourceTypes).filter((slug) => resourceTypes[slug]?.agent)
  return second === undefined ? type : undefined
}

/** Why no token can ask this, if none can. This is all that guarded routes leave to other doors. */
export function whyNoToken(expected: Expected, model: ModelDefinition): string | undefined {
  const { subject, onBehalfOf } = expected
  const chain = [subject, ...onBehalfOf]
  const kinds = new Set(chain.slice(0, -1).map(({ kind }) => kind))
  const last = chain.at(-1)?.kind
  if (last === 'group' || kinds.has('group')) return 'a group does not log in'
  if (last === 'agent') return 'a session is that of a user, also where an agent acts'
  if (kinds.has('membership')) return 'nobody logs in as somebody else'
  const agents = chain.filter(({ kind }) => kind === 'agent')
  return agents.every(({ name }) => name.startsWith(`${agentTypeOf(model)}/`))
    ? undefined
    : 'an application accepts agents of one type'
}

/**
 * The same parties as different identity providers tell of them: with the membership, without it, and with all
 * that the user may in the whole organization at this moment, so that the token may answer by itself.
 */
export async function loginsOf(
  engine: AuthorizationEngine,
  expected: Expected,
): Promise<readonly TokenRequest[]> {
  const { organizationId: organization } = expected
  const { user, membershipId: membership, actors } = partiesOf(expected)
  const login = { user: `user_${user.name}`, organization, membership, actors }
  const here = await engine.findMembership(organization, { membershipId: membership })
  if (here === undefined || isMemberElsewhere(expected)) return [login]
  const logins: (TokenRequest & { readonly user: string })[] = [
    login,
    { ...login, claims: { organization_membership_id: undefined } },
  ]
  if (here.status === 'active') {
    const subject = { membershipId: membership }
    const permissions = await engine.effectivePermissions({ organizationId: organization, subject })
    logins.push({ ...login, roles: here.roles, permissions })
  }
  return logins.flatMap((each) => (actors.length === 0 ? [each] : [each, fromTheAgentsSide(each)]))
}

function partiesOf({ subject, onBehalfOf }: Expected): Parties {
  const chain = [subject, ...onBehalfOf]
  const user = chain.at(-1) ?? subject
  const [ref] = user.refs
  if (!('membershipId' in ref)) throw new Error(`${user.name} does not log in`)
  const actors = chain.slice(0, -1).map(({ name }) => name.slice(name.indexOf('/') + 1))
  return { user, membershipId: ref.membershipId, actors }
}

/** The token of an agent that says for whom it acts, where others are those of a user that say who acts for her. */
function fromTheAgentsSide(login: TokenRequest & { readonly user: string }): TokenRequest {
  const [nearest, ...earlier] = login.actors ?? []
  const user = { sub: login.user, sub_profile: 'user' }
  const act = earlier.reduceRight<object>(
    (below, sub) => ({ sub, sub_profile: 'ai_agent', act: below }),
    user,
  )
  return { ...login, claims: { ...login.claims, sub: nearest, sub_profile: 'ai_agent', act } }
}
