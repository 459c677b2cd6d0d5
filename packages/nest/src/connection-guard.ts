import { authorizeRequest, problemOf } from '@bailiwick/client'
import { type Session, SessionInvalid } from '@bailiwick/core'
import { Inject, Injectable, Logger } from '@nestjs/common'
import { AuthorizationGuard } from './authorization-guard.js'
import { end, keepToken, tell, upgradeOf } from './calls/connection.js'
import { type AuthorizationModuleOptions, authorizationOptions } from './options.js'

/**
 * Looks at WebSocket connections when they are made, since guards see messages only. Inject it into a gateway.
 *
 * @example
 * async handleConnection(client: WebSocket, request: IncomingMessage) {
 *   await this.connections.admit(client, request)
 * }
 */
@Injectable()
export class ConnectionGuard {
  private readonly logger = new Logger('AuthorizationModule')

  constructor(
    @Inject(authorizationOptions) private readonly options: AuthorizationModuleOptions,
    @Inject(AuthorizationGuard) private readonly guard: AuthorizationGuard,
  ) {}

  /**
   * Verify the token that a connection came with: in its `Authorization` header, the configured cookie, or
   * `auth.token` of Socket.IO. Without a valid one the client is told why and the connection ends.
   *
   * @param request - The second argument of `handleConnection`; Socket.IO passes none.
   * @returns The session, or `undefined` when the connection has been ended.
   */
  async admit(client: object, request?: unknown): Promise<Session | undefined> {
    const token = this.guard.connectionTokenOf(upgradeOf(client, request))
    keepToken(client, token)
    try {
      const { session } = await authorizeRequest(this.options.authorizer, await token)
      if (session === undefined)
        throw new SessionInvalid('session_missing', 'the connection carries no session token')
      return session
    } catch (error) {
      const problem = problemOf(error, this.options.problems)
      if (problem === undefined) this.logger.error(error)
      else tell(client, problem.body)
      end(client, problem?.body.code ?? 'internal_error')
      return undefined
    }
  }
}
