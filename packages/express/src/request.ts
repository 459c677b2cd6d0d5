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

// What a guard trusts lies here and not on the request, where a header parser, a body or another library could
// put something that looks like it.
const authorizations = new WeakMap<IncomingMessage, RequestAuthorization>()

/** Bind a request to its session, for the guards and, as `req.authz`, for the handlers. */
export function attach(req: IncomingMessage, authorization: RequestAuthorization): void {
  authorizations.set(req, authorization)
  Object.defineProperty(req, 'authz', { value: authorization, enumerable: true })
}

/** What `session()` has found out about a request, if it has run. */
export function attached(req: IncomingMessage): RequestAuthorization | undefined {
  return authorizations.get(req)
}

/** @throws {Misconfigured} when `session()` has not run before. */
export function authorizationOf(req: IncomingMessage): RequestAuthorization {
  const authorization = authorizations.get(req)
  if (authorization !== undefined) return authorization
  throw new Misconfigured('a guard runs before `session()`: put `app.use(session(authz))` above the routes')
}

/** The request as locators read it. */
export function viewOf(incoming: IncomingMessage): RequestView<Request> {
  const req = incoming as Request
  return {
    params: req.params,
    // A getter in Express 5, which parses anew each time: only a locator that reads it shall pay for it.
    get query() {
      return req.query
    },
    body: req.body,
    rawHeaders: req.rawHeaders,
    native: req,
  }
}
