import type { Allow, AuthorizationEngine, CheckOptions, CheckQuestion, Session } from '@bailiwick/core'
import type { AuthorizeOptions } from './authorizer-options.js'
import { refOf, type Target } from './target.js'
import { isKnownOurs, tokenAllows, tokenMayAnswer } from './token-layer.js'

/**
 * The token's allow, or nothing: a token never denies, because it knows of no role on a resource. What it does not
 * know, the engine is asked.
 */
export async function askToken(
  engine: AuthorizationEngine,
  session: Session,
  { organizationId, permission }: Pick<CheckQuestion, 'organizationId' | 'permission'>,
  target: Target | undefined,
  options: AuthorizeOptions,
): Promise<Allow | undefined> {
  if (!tokenMayAnswer(session, engine.model.permission(permission), options)) return undefined
  const asEngine = engineOptions(options)
  // It knows of no exclusion either. Whether there is one is asked of the engine, which then says for whom.
  if (await engine.isExcludedSomewhere(organizationId, permission, asEngine)) return undefined
  // A token speaks of the whole organization, and external ids repeat across organizations: it may answer for a
  // resource only when that resource is known to be in the token's own.
  const isOurs =
    isKnownOurs(target, options) ||
    (await engine.hasResource(organizationId, refOf(target as Target), asEngine))
  return isOurs ? tokenAllows(organizationId, permission) : undefined
}

/** What the engine is told of how to answer. */
export function engineOptions(options: AuthorizeOptions): CheckOptions | undefined {
  const { fresh, signal, consistency = fresh ? 'latest' : undefined } = options
  if (consistency === undefined && signal === undefined) return undefined
  return { ...(consistency && { consistency }), ...(signal && { signal }) }
}
