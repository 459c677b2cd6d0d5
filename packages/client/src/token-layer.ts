import type { Allow, Deny, Explanation, OrganizationId, PermissionType, Session } from '@bailiwick/core'
import type { AuthorizeOptions, SessionExplanation } from './authorizer-options.js'
import type { Target } from './target.js'

/** Whether a token carries a permission for the whole organization, and its word may be taken for it. */
export function tokenHolds(
  { organizationId, actors, permissions }: Session,
  { slug, fresh }: PermissionType,
): boolean {
  // Permissions without an organization hold nowhere, and those of a user are not those of who acts for her.
  return !fresh && organizationId !== undefined && actors.length === 0 && permissions.includes(slug)
}

/** Whether a token may answer a question: it holds the permission, and nobody has asked for newer than it. */
export function tokenMayAnswer(
  session: Session,
  permission: PermissionType,
  options: AuthorizeOptions,
): boolean {
  // Whoever names a consistency has just seen a change that the token is older than.
  if (options.fresh || options.consistency !== undefined) return false
  return tokenHolds(session, permission)
}

/** Whether a resource is known to be in the token's organization without asking, or none is meant. */
export function isKnownOurs(target: Target | undefined, { tenantScoped }: AuthorizeOptions): boolean {
  return target === undefined || target.organizationId !== undefined || tenantScoped === true
}

/** The token's allow. */
export function tokenAllows(organizationId: OrganizationId, permission: string): Allow {
  return { kind: 'allow', grants: [{ from: 'session', organizationId, permission }] }
}

/** The token's allow, with how old its word is, before what the engine alone would say. */
export function explainToken(
  { issuedAt, expiresAt }: Session,
  permission: string,
  decision: Allow,
  engine: Pick<Explanation, 'path' | 'sentences'> & { readonly nowMs: number },
): SessionExplanation {
  const nowSec = Math.floor(engine.nowMs / 1_000)
  const token = { ageSec: nowSec - issuedAt, expiresInSec: expiresAt - nowSec }
  const [alone, ...rest] = engine.sentences
  const sentences = [
    `allowed: the token grants \`${permission}\` on the whole organization`,
    `the token is ${token.ageSec} s old, and is taken at its word for ${token.expiresInSec} s more`,
    `the engine alone: ${alone}`,
    ...rest,
  ]
  return { decision, path: engine.path, sentences, decidedBy: 'token', token }
}

/** The denial of what is in another organization than the session, or of a session that is in none. */
export const organizationMismatch: Deny = {
  kind: 'deny',
  reason: 'organization_mismatch',
  nearestMisses: [],
}

export function explainMismatch({ organizationId }: Session): SessionExplanation {
  const why =
    organizationId === undefined
      ? 'the session belongs to no organization: its token has no `org_id`, or no claim of the name in `session.claims`'
      : 'the resource is in another organization'
  return { decision: organizationMismatch, path: [], sentences: [`denied: ${why}`], decidedBy: 'engine' }
}
