import type { RequestAuthorization } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import type { ArgumentsHost } from '@nestjs/common'
import { attached } from '../request.js'
import { carrierOf } from './call.js'

/**
 * Who makes a call, and what she may do: of an HTTP request, a GraphQL field or a message.
 *
 * @throws {Misconfigured} when the guard has not run, and for a message that is no object.
 */
export function authorizationIn(context: ArgumentsHost): RequestAuthorization {
  const carrier = carrierOf(context)
  const authorization = carrier && attached(carrier)
  if (authorization !== undefined) return authorization
  throw new Misconfigured('the guard has not run for this call: import `AuthorizationModule.forRoot(…)`')
}
