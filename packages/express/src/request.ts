import type { IncomingMessage } from 'node:http'
import type { RequestAuthorization, RequestView } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import type { Request } from 'express'

declare global {
  namespace Express {
    interface Request {
      /** Who sends this request, and what she may do. Set by `session()`. */
      readonly authz: RequestAuthorization
    }
  }
}

// What a guard trusts lies behind a name that nobody else has: no header, body or other library can put something
// there that looks like it. A WeakMap says the same at ten times the cost.
const authorizationKey = Symbol('authorization')

interface Attachable extends IncomingMessage {
  [authorizationKey]?: RequestAuthorization
}

/** Bind a request to its session, for the guards and, as `req.authz`, for the handlers. */
export function attach(req: IncomingMessage, authorization: RequestAuthorization): void {
  const attachable: Attachable = req
  attachable[authorizationKey] = authorization
  // For handlers. Guards look behind the symbol, whatever somebody writes here.
  ;(req as { authz?: RequestAuthorization }).authz = authorization
}

/** What `session()` has found out about a request, if it has run. */
export function attached(req: IncomingMessage): RequestAuthorization | undefined {
  return (req as Attachable)[authorizationKey]
}

/** @throws {Misconfigured} when `session()` has not run before. */
export function authorizationOf(req: IncomingMessage): RequestAuthorization {
  const authorization = attached(req)
  if (authorization !== undefined) return authorization
  throw new Misconfigured('a guard runs before `session()`: put `app.use(session(authz))` above the routes')
}

/** The request as locators read it. */
export function viewOf(req: IncomingMessage): RequestView<Request> {
  return new ExpressRequestView(req as Request)
}

// A class, since an object literal with a getter in it costs more than the decision. `query` is a getter in Express 5
// too, which parses anew each time: only a locator that reads it shall pay for it.
class ExpressRequestView implements RequestView<Request> {
  readonly params: Request['params']
  readonly body: unknown
  readonly rawHeaders: readonly string[]

  constructor(readonly native: Request) {
    this.params = native.params
    this.body = native.body
    this.rawHeaders = native.rawHeaders
  }

  get query(): Request['query'] {
    return this.native.query
  }
}
