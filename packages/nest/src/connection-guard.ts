import { authorizeRequest, problemOf } from '@bailiwick/client'
import { type Session, SessionInvalid } from '@bailiwick/core'
import { Inject, Injectable, Logger } from '@nestjs/common'
import { AuthorizationGuard } from './authorization-guard.js'
import { end, keepToken, tell, upgradeOf } from './calls/connection.js'
import { type GraphqlConnection, upgradeOfGraphql } from './calls/graphql-connection.js'
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
      return await this.sessionOf(token)
    } catch (error) {
      const problem = problemOf(error, this.options.problems)
      if (problem === undefined) this.logger.error(error)
      else tell(client, problem.body)
      end(client, problem?.body.code ?? 'internal_error')
      return undefined
    }
  }

  /**
   * Whether a connection for GraphQL subscriptions comes with a valid token: in the headers of the request that opened
   * it, or as `authorization` of its parameters. Operations are guarded without it as well; it spares the connections.
   *
   * @param connection - What `onConnect` of Apollo's driver is called with; `{ connectionParams }` for that of Mercurius.
   *
   * @example
   * subscriptions: { 'graphql-ws': { onConnect: (connection) => connections.admits(connection) } }
   */
  async admits(connection: GraphqlConnection): Promise<boolean> {
    try {
      await this.sessionOf(this.guard.connectionTokenOf(upgradeOfGraphql(connection)))
      return true
    } catch (error) {
      if (problemOf(error, this.options.problems) === undefined) this.logger.error(error)
      return false
    }
  }

  private async sessionOf(token: Promise<string | undefined>): Promise<Session> {
    const { session } = await authorizeRequest(this.options.authorizer, await token)
    if (session !== undefined) return session
    throw new SessionInvalid('session_missing', 'the connection carries no session token')
  }
}
