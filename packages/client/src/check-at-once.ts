import type { AuthorizationEngine, Decision, Session } from '@bailiwick/core'
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
  const question = questionOf(session, organizationId, permission, target, agentType)
  if (!tokenMayAnswer(session, model, permission, options)) return atOnce.check(question)
  const isExcluded = atOnce.isExcludedSomewhere(organizationId, permission)
  if (isExcluded !== false) return isExcluded && atOnce.check(question)
  const isOurs = isKnownOurs(target, options) || atOnce.hasResource(organizationId, refOf(target as Target))
  if (isOurs !== true) return isOurs === undefined ? undefined : atOnce.check(question)
  return tokenAllows(organizationId, permission)
}
