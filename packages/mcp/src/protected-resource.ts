import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Authorizer, arrivedHeaders, authorizeRequest, problemOf, tokenOf } from '@bailiwick/client'
import { Misconfigured, type Session, SessionInvalid } from '@bailiwick/core'
import type { AuthInfo } from '@modelcontextprotocol/sdk/server/auth/types.js'

/** What clients must know to get a token for a server. */
export interface ProtectedResourceOptions {
  /** The address of the server, as clients know it: the audience of its tokens. */
  readonly resource: string
  /** The issuers of its tokens. */
  readonly authorizationServers: readonly [string, ...string[]]
  /** Scopes that a client may ask for. */
  readonly scopes?: readonly string[]
  /** A name for people. */
  readonly name?: string
}

type Next = (error?: unknown) => void

/** How a server says to clients where tokens are to be had. Plain handlers, for Node and for Express. */
export interface ProtectedResource {
  /** Where clients look for the metadata: `/.well-known/oauth-protected-resource/mcp` for a server at `/mcp`. */
  readonly metadataPath: string
  /** Answers with the metadata. */
  readonly metadata: (req: IncomingMessage, res: ServerResponse) => void
  /**
   * Lets a request go on only with a valid session, which transports of the SDK then find in `req.auth`; otherwise 401
   * with a challenge that leads to the metadata.
   */
  readonly requireSession: (req: IncomingMessage, res: ServerResponse, next: Next) => void
}

/**
 * The doors of a server over HTTP, for clients that have no token yet.
 *
 * @throws {Misconfigured} for a `resource` that is no address, or has a fragment.
 * @see RFC 9728
 *
 * @example
 * app.get(door.metadataPath, door.metadata)
 * app.all('/mcp', door.requireSession, handleMcp)
 */
export function protectedResource(
  authorizer: Authorizer,
  options: ProtectedResourceOptions,
): ProtectedResource {
  const url = addressOf(options.resource)
  const metadataPath = `/.well-known/oauth-protected-resource${url.pathname === '/' ? '' : url.pathname}`
  const metadataUrl = `${url.origin}${metadataPath}${url.search}`
  const metadata = JSON.stringify({
    resource: options.resource,
    authorization_servers: options.authorizationServers,
    bearer_methods_supported: ['header'],
    ...(options.scopes && { scopes_supported: options.scopes }),
    ...(options.name !== undefined && { resource_name: options.name }),
  })
  return {
    metadataPath,
    metadata: (_req, res) => {
      // Clients in browsers read it, before they have anything to be let in by.
      res.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' })
      res.end(metadata)
    },
    requireSession: (req, res, next) => {
      openSession(authorizer, req).then(
        () => next(),
        (error: unknown) => refuse(error, metadataUrl, res, next),
      )
    },
  }
}

function addressOf(resource: string): URL {
  if (!URL.canParse(resource) || resource.includes('#')) {
    throw new Misconfigured(`\`resource\` is an absolute address without a fragment, not \`${resource}\``)
  }
  return new URL(resource)
}

async function openSession(authorizer: Authorizer, req: IncomingMessage): Promise<void> {
  const token = tokenOf(arrivedHeaders(req))
  const { session } = await authorizeRequest(authorizer, token)
  if (session === undefined || token === undefined) {
    throw new SessionInvalid('session_missing', 'the request carries no session token')
  }
  const auth: AuthInfo = { token, clientId: clientOf(session), scopes: [], expiresAt: session.expiresAt }
  Object.assign(req, { auth })
}

function clientOf({ claims, userId }: Session): string {
  const client = claims.client_id ?? claims.azp
  return typeof client === 'string' ? client : userId
}

function refuse(error: unknown, metadataUrl: string, res: ServerResponse, next: Next): void {
  const problem = problemOf(error)
  if (problem === undefined) {
    next(error)
    return
  }
  const { 'www-authenticate': challenge, ...headers } = problem.headers
  const leading = `resource_metadata="${metadataUrl}"`
  res.writeHead(problem.status, {
    ...headers,
    ...(challenge && { 'www-authenticate': `${challenge}${challenge === 'Bearer' ? ' ' : ', '}${leading}` }),
  })
  res.end(JSON.stringify(problem.body))
}
