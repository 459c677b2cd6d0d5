import type { IncomingMessage } from 'node:http'
import type { RequestAuthorization, RequestView } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'

/** A request of Express, or of Fastify, which keeps Node's own in `raw`. */
export interface HttpRequest {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly rawHeaders?: readonly string[]
  readonly raw?: IncomingMessage
}

// Behind a name that nobody else has: no header, body or other library can put something there that looks like it.
// A WeakMap says the same at ten times the cost.
const authorizationKey = Symbol('authorization')

interface Attachable {
  [authorizationKey]?: RequestAuthorization
}

/** Bind a call, which may be an HTTP request, to its session. */
export function attach(call: object, authorization: RequestAuthorization): void {
  rawOf(call)[authorizationKey] = authorization
}

/** What the guard has found out about a call, if it has run. */
export function attached(call: object): RequestAuthorization | undefined {
  return rawOf(call)[authorizationKey]
}

/**
 * Who sends a request, and what she may do: for interceptors and the like. Handlers take `@CurrentSession()`.
 *
 * @throws {Misconfigured} when the guard has not run.
 */
export function authorizationOf(request: HttpRequest): RequestAuthorization {
  const authorization = attached(request)
  if (authorization !== undefined) return authorization
  throw new Misconfigured('the guard has not run for this request: import `AuthorizationModule.forRoot(…)`')
}

/** The request as locators read it. Plain data, since a guard of the application's own may copy it. */
export function viewOf(request: HttpRequest): RequestView {
  return {
    params: request.params ?? {},
    // Express 5 parses it anew here. A getter that spares this costs every request more than the decision does.
    query: request.query ?? {},
    body: request.body,
    rawHeaders: rawHeadersOf(request),
    native: request,
  }
}

/** The headers as they arrived, names and values in turn. */
export function rawHeadersOf(request: HttpRequest): readonly string[] {
  return request.raw?.rawHeaders ?? request.rawHeaders ?? []
}

function rawOf(call: object): Attachable {
  return ((call as HttpRequest).raw ?? call) as Attachable
}
