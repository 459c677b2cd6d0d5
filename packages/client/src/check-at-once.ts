import type { AnswersAtOnce, AuthorizationEngine, Decision, OrganizationId, Session } from '@bailiwick/core'
import { questionOf } from './agents.js'
import type { AuthorizeOptions } from './authorizer-options.js'
import { isForeign, refOf, type Target } from './target.js'
import { isKnownOurs, organizationMismatch, tokenAllows, tokenMayAnswer } from './token-layer.js'

/** What is asked, and of whom. */
export interface AskedAtOnce {
  readonly session: Session
  readonly permission: string
  readonly target: Target | undefined
  readonly options: AuthorizeOptions
  readonly agentType: string | undefined
}

/** Both layers, the token first, where neither needs to be waited for. `undefined` says only to ask. */
export function checkAtOnce(
  { atOnce, model }: AuthorizationEngine,
  { session, permission, target, options, agentType }: AskedAtOnce,
): Decision | undefined {
  if (atOnce === undefined) return undefined
  model.permission(permission)
  const { organizationId } = session
  if (organizationId === undefined || isForeign(session, target)) return organizationMismatch
  if (tokenMayAnswer(session, model, permission, options)) {
    const isEnough = isTokenEnough(atOnce, organizationId, permission, target, options)
    if (isEnough === undefined) return undefined
    if (isEnough) return tokenAllows(organizationId, permission)
  }
  return atOnce.check(questionOf(session, organizationId, permission, target, agentType))
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
