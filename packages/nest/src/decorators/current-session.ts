import { Misconfigured, type Session } from '@bailiwick/core'
import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { authorizationIn } from '../calls/authorization-in.js'

/**
 * The session of the request or message, in a handler's parameters.
 *
 * @throws {Misconfigured} on a `@Public()` route, where no token is read.
 */
export const CurrentSession: () => ParameterDecorator = createParamDecorator(
  (_: unknown, context: ExecutionContext): Session => {
    const { session } = authorizationIn(context)
    if (session !== undefined) return session
    throw new Misconfigured('`@CurrentSession()` stands on a `@Public()` route, where no token is read')
  },
)
