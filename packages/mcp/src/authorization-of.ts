import type { RequestAuthorization } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'

const authorizations = new WeakMap<AuthInfo, RequestAuthorization>()

/** Bind what is handed to the handler of a message to its session. */
export function attach(info: AuthInfo, authorization: RequestAuthorization): void {
  authorizations.set(info, authorization)
}

/**
 * Who calls a tool, and what she may do: from what the SDK hands to the tool's handler.
 *
 * @throws {Misconfigured} when the transport of the call is not guarded.
 *
 * @example
 * server.registerTool('whoami', {}, (extra) => text(authorizationOf(extra).session?.userId))
 */
export function authorizationOf({
  authInfo,
}: {
  readonly authInfo?: AuthInfo | undefined
}): RequestAuthorization {
  const authorization = authInfo && authorizations.get(authInfo)
  if (authorization !== undefined) return authorization
  throw new Misconfigured(
    'this call came over a transport without a guard: `server.connect(guard.over(transport))`',
  )
}
