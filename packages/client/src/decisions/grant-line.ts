import {
  type Decision,
  type Deny,
  type DenyReason,
  type Explanation,
  type NearestMiss,
  rootType,
  type Session,
} from '@bailiwick/core'
import type { Target } from '../target.js'

/** What has been decided, for whom and on what. */
export interface Decided {
  readonly session: Session
  readonly target: Target | undefined
  /** Absent where it could not be decided. */
  readonly decision: Decision | undefined
}

/**
 * An explanation in sentences, a denial with the call that would grant it. For development.
 *
 * @param explanation - Made afterwards, by asking anew: what it says need not be what was decided.
 */
export function sentencesWithGrant(
  { session, target, decision: decided }: Decided,
  { decision, path, sentences }: Pick<Explanation, 'decision' | 'path' | 'sentences'>,
): readonly string[] {
  const [found] = path
  // It is there, and was not what somebody looked for.
  if (found && target && 'resourceId' in target && reasonOf(decided) === 'resource_unknown')
    return [
      `denied: \`${found.id}\` is ${found.type} \`${found.externalId}\`, and another type is guarded here`,
    ]
  if (decided?.kind === 'deny' && decision.kind === 'allow')
    return ['denied when it was asked, and not any more', ...sentences]
  const grant = decision.kind === 'deny' ? grantLine(session, decision) : undefined
  return grant === undefined ? sentences : [...sentences, `to grant it: ${grant}`]
}

function reasonOf(decision: Decision | undefined): DenyReason | undefined {
  return decision?.kind === 'deny' ? decision.reason : undefined
}

/**
 * The call that would turn a denial into an allow, to paste into a script: the nearest role, or the end of what stands
 * in the way.
 *
 * @returns `undefined` where no call alone would do.
 */
function grantLine(session: Session, deny: Deny): string | undefined {
  const { organizationId } = session
  if (organizationId === undefined || deny.onBehalfOf !== undefined || session.actors.length > 0)
    return undefined
  const unknown = firstCall(organizationId, session, deny)
  if (unknown !== undefined) return unknown
  const [exclusion] = deny.exclusions ?? []
  if (exclusion !== undefined)
    return `await engine.deleteExclusion(${quoted(organizationId)}, ${quoted(exclusion.exclusionId)})`
  const [nearest] = deny.nearestMisses
  if (nearest === undefined) return undefined
  const subject =
    session.membershipId === undefined
      ? `{ userId: ${quoted(session.userId)} }`
      : `{ membershipId: ${quoted(session.membershipId)} }`
  return `await engine.assignRole({ organizationId: ${quoted(organizationId)}, subject: ${subject}, role: ${quoted(nearest.role)}${placeOf(nearest)} })`
}

/** What nobody has told the engine yet: an identity provider knows its users, and the engine those it has heard of. */
function firstCall(
  organizationId: string,
  { userId, membershipId }: Session,
  deny: Deny,
): string | undefined {
  if (deny.reason === 'organization_unknown')
    return `await engine.createOrganization({ id: ${quoted(organizationId)}, name: '…' })`
  if (deny.reason !== 'membership_unknown') return undefined
  const id = membershipId === undefined ? '' : `, id: ${quoted(membershipId)}`
  return `await engine.createMembership({ organizationId: ${quoted(organizationId)}, userId: ${quoted(userId)}${id} })`
}

function placeOf({ on }: NearestMiss): string {
  if (on.type === rootType) return ''
  return `, resource: { type: ${quoted(on.type)}, externalId: ${quoted(on.externalId)} }`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
