import { IncomingMessage } from 'node:http'
import { type RequestAuthorization, type RequestView, separateHeaders } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'

/** A request of Express, or of Fastify, which keeps Node's own in `raw`. */
export interface HttpRequest {
  readonly params?: Readonly<Record<string, unknown>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly rawHeaders?: readonly string[]
  readonly headers?: Readonly<Record<string, unknown>>
  readonly raw?: IncomingMessage
}

// Behind a name that nobody else has: no header, body or other library can put something there that looks like it. It
// is kept with the headers of a request as they arrived, which come with it and stay with it: Express gives each request
// a prototype of its own, and so V8 a shape of its own, and one more property on it then costs 2 µs and a kilobyte.
const authorizationKey = Symbol('authorization')

interface Attachable {
  [authorizationKey]?: RequestAuthorization
}

/** Bind a call, which may be an HTTP request, to its session. */
export function attach(call: object, authorization: RequestAuthorization): void {
  holderOf(call)[authorizationKey] = authorization
}

/** What the guard has found out about a call, if it has run. */
export function attached(call: object): RequestAuthorization | undefined {
  return holderOf(call)[authorizationKey]
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
  const { params, query, body, rawHeaders, native } = new HttpRequestView(request)
  return { params, query, body, rawHeaders, native }
}

/** The same, and nothing of it is read before a locator asks: Express 5 parses its `query` anew each time. */
export class HttpRequestView implements RequestView {
  constructor(readonly native: HttpRequest) {}

  get params(): RequestView['params'] {
    return paramsOf(this.native) ?? {}
  }

  get query(): RequestView['query'] {
    return this.native.query ?? {}
  }

  get body(): unknown {
    return this.native.body
  }

  get rawHeaders(): readonly string[] {
    return rawHeadersOf(this.native)
  }
}

/** The headers as they arrived, names and values in turn. */
export function rawHeadersOf(request: HttpRequest): readonly string[] {
  const rawHeaders = arrivedWith(request) ?? []
  return rawHeaders.length > 0 ? rawHeaders : separateHeaders(Object.entries(request.headers ?? {}))
}

/** The path parameters, as the platform found them. */
export function paramsOf(request: HttpRequest): HttpRequest['params'] {
  return request instanceof IncomingMessage ? Reflect.get(request, 'params') : request.params
}

function holderOf(call: HttpRequest): Attachable {
  const rawHeaders = arrivedWith(call)
  // A message may hold anything under these names.
  return (Array.isArray(rawHeaders) ? rawHeaders : call) as Attachable
}

// Each time that Express puts something on a request it gets another shape, on which V8 looks for a property anew and
// remembers where it was, for nobody: that takes two or three times as long as `Reflect.get`, which only looks.
function arrivedWith(call: HttpRequest): readonly string[] | undefined {
  if (call instanceof IncomingMessage) return Reflect.get(call, 'rawHeaders')
  return call.raw?.rawHeaders ?? call.rawHeaders
}
