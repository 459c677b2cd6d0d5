import type { AnswersAtOnce, AuthorizationEngine, Deny, OrganizationId, Session } from '@bailiwick/core'
import { questionOf } from './agents.js'
import type { AuthorizeOptions, DecidedBy } from './authorizer-options.js'
import { isForeign, refOf, type Target } from './target.js'
import { isKnownOurs, organizationMismatch, tokenMayAnswer } from './token-layer.js'

/** What is asked, and of whom. */
export interface AskedAtOnce {
  readonly session: Session
  readonly permission: string
  readonly target: Target | undefined
  readonly options: AuthorizeOptions
  readonly agentType: string | undefined
}

/**
 * Both layers, the token first, where neither needs to be waited for: who allows it, or why nobody does. `undefined`
 * says only to ask. What an allow rests on stays unsaid, since to name it costs more than to decide.
 */
export function checkAtOnce(
  { atOnce, model }: AuthorizationEngine,
  { session, permission, target, options, agentType }: AskedAtOnce,
): DecidedBy | Deny | undefined {
  if (atOnce === undefined) return undefined
  const asked = model.permission(permission)
  const { organizationId } = session
  if (organizationId === undefined || isForeign(session, target)) return organizationMismatch
  if (tokenMayAnswer(session, asked, options)) {
    const isEnough = isTokenEnough(atOnce, organizationId, permission, target, options)
    if (isEnough === undefined) return undefined
    if (isEnough) return 'token'
  }
  const question = questionOf(session, organizationId, permission, target, agentType)
  const isAllowed = atOnce.allows(question)
  if (isAllowed !== false) return isAllowed ? 'engine' : undefined
  const decision = atOnce.check(question)
  return decision?.kind === 'deny' ? decision : undefined
}

/** Whether nothing is known of that a token knows nothing of: an exclusion, a resource of somebody else. */
function isTokenEnough(
  atOnce: AnswersAtOnce,
  organizationId: OrganizationId,
  permission: string,
  target: Target | undefined,
  options: AuthorizeOptions,
): boolean | undefined {
  const isExcluded = atOnce.isExcludedSomewhere(organizationId, permission)
  if (isExcluded !== false) return isExcluded === undefined ? undefined : false
  return isKnownOurs(target, options) || atOnce.hasResource(organizationId, refOf(target as Target))
}
