import type { IncomingMessage } from 'node:http'
import { arrivedHeaders, type RequestAuthorization, type RequestView } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import type { Request } from 'express'
import { showAuthz } from './show-authz.js'

declare global {
  namespace Express {
    interface Request {
      /** Who sends this request, and what she may do. Set by `session()`. */
      readonly authz: RequestAuthorization
    }
  }
}

// What a guard trusts lies behind a name that nobody else has: no header, body or other library can put something
// there that looks like it. It is kept with the headers as they arrived, which come with one request and stay with it:
// Express gives each request a prototype of its own, and so V8 a shape of its own, and one more property on the request
// itself then costs 2 µs and a kilobyte. A WeakMap costs half of that.
const authorizationKey = Symbol('authorization')

interface Arrived {
  [authorizationKey]?: RequestAuthorization
}

/** Bind a request to its session, for the guards and, as `req.authz`, for the handlers. */
export function attach(
  req: IncomingMessage,
  authorization: RequestAuthorization,
  rawHeaders = readOnce(req, 'rawHeaders'),
): void {
  const arrived = rawHeaders as Arrived
  arrived[authorizationKey] = authorization
  // For handlers. Guards look behind the symbol, whatever somebody writes there.
  showAuthz(req, attached)
}

/** What `session()` has found out about a request, if it has run. */
export function attached(
  req: IncomingMessage,
  rawHeaders = readOnce(req, 'rawHeaders'),
): RequestAuthorization | undefined {
  return (rawHeaders as Arrived)[authorizationKey]
}

/**
 * A property of a request, where it is read for the first time. Each time that Express puts something on a request it
 * gets another shape, on which V8 looks for a property anew and remembers where it was, for nobody: that takes two or
 * three times as long as to look.
 */
export function readOnce<Holder extends object, Name extends keyof Holder>(
  holder: Holder,
  name: Name,
): Holder[Name] {
  return Reflect.get(holder, name) as Holder[Name]
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

// A class, since an object literal with a getter in it costs more than the decision, and getters only: whatever is read
// of a request has to be looked for anew, and `query` of Express 5 is parsed each time.
class ExpressRequestView implements RequestView<Request> {
  constructor(readonly native: Request) {}

  get params(): Request['params'] {
    return readOnce(this.native, 'params')
  }

  get query(): Request['query'] {
    return this.native.query
  }

  get body(): unknown {
    return this.native.body
  }

  get rawHeaders(): readonly string[] {
    return arrivedHeaders(this.native)
  }
}
