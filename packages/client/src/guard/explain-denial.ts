import { type AccessDenied, isAuthorizationError, type Permission } from '@bailiwick/core'
import { sentencesWithGrant } from '../decisions/grant-line.js'
import type { ProblemOptions } from './problem.js'
import type { RequestAuthorization } from './request-authorization.js'

/**
 * Why a request was denied, in sentences for the developer who reads the response or the log, with the call that would
 * grant it.
 *
 * @returns `undefined` unless `error` is a denial, `explain` is on and this is not production.
 */
export async function explainDenial(
  error: unknown,
  request: RequestAuthorization | undefined,
  options: ProblemOptions,
): Promise<readonly string[] | undefined> {
  if (!options.explain || process.env.NODE_ENV === 'production') return undefined
  const session = request?.session
  if (request === undefined || session === undefined) return undefined
  if (!isAuthorizationError(error) || error.kind !== 'denied') return undefined
  const { permission, resource, decision } = error as AccessDenied
  try {
    // No token denies: what it would say, where the route has not asked it, explains nothing.
    const explanation = await request.explain(permission as Permission, resource, { fresh: true })
    const told = sentencesWithGrant({ session, target: resource, decision }, explanation)
    const { log = console.info } = options
    log(told.join('\n  '))
    return told
  } catch {
    // The request stays denied; only the reason is missing from the body.
    return undefined
  }
}
