import { type Deny, type Explanation, type NearestMiss, rootType, type Session } from '@bailiwick/core'

/** An explanation in sentences, a denial with the call that would grant it. For development. */
export function sentencesWithGrant(
  session: Session,
  { decision, sentences }: Pick<Explanation, 'decision' | 'sentences'>,
): readonly string[] {
  const grant = decision.kind === 'deny' ? grantLine(session, decision) : undefined
  return grant === undefined ? sentences : [...sentences, `to grant it: ${grant}`]
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

function placeOf({ on }: NearestMiss): string {
  if (on.type === rootType) return ''
  return `, resource: { type: ${quoted(on.type)}, externalId: ${quoted(on.externalId)} }`
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
