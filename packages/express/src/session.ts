import type { IncomingMessage } from 'node:http'
import {
  type Authorizer,
  arrivedHeaders,
  authorizeAtOnce,
  authorizeRequest,
  type RequestAuthorization,
  type TokenOptions,
  tokenOf,
  varyBySession,
} from '@bailiwick/client'
import { Misconfigured, SessionInvalid } from '@bailiwick/core'
import type { Request } from 'express'
import { asHttpError } from './http-error.js'
import { demanding, type Middleware } from './middleware.js'
import { attach, attached, readOnce } from './request.js'

/** How `session()` reads a request. */
export interface SessionMiddlewareOptions extends TokenOptions {
  /** Refuse a request without a token (401) here already, instead of at the first guard. Default `false`. */
  readonly required?: boolean
  /**
   * Where the token is, when another middleware has unsealed it already: a login library's cookie, for example.
   * Then neither the `Authorization` header nor `cookie` is read.
   */
  readonly token?: (req: Request) => string | undefined | Promise<string | undefined>
}

/**
 * Verify the session token of every request and put what it yields on `req.authz`.
 *
 * The token is verified at once, here: a bad one is 401 even where no guard follows. A request without a token
 * goes on without a session, and the first guard answers it with 401.
 *
 * @example
 * app.use(session(authz))
 */
export function session(authorizer: Authorizer, options: SessionMiddlewareOptions = {}): Middleware {
  const cookies = options.cookie !== undefined || options.token !== undefined
  const from = { cookies }
  const middleware: Middleware = (req, res, next) => {
    res.setHeader('vary', varyBySession(res.getHeader('vary'), from))
    const rawHeaders = readOnce(req, 'rawHeaders')
    if (options.token === undefined && attached(req, rawHeaders) === undefined) {
      let known: RequestAuthorization | undefined
      try {
        known = authorizeAtOnce(authorizer, rawHeaders, options)
      } catch (error) {
        next(asHttpError(error))
        return
      }
      if (known !== undefined) {
        attach(req, known, rawHeaders)
        next()
        return
      }
    }
    goOnAfter(openSession(authorizer, options, req), next)
  }
  return options.required ? demanding({ kind: 'authenticated' }, middleware) : middleware
}

// A function of its own: one that makes functions makes something at each call, whether it comes to that or not.
function goOnAfter(opened: Promise<void>, next: Parameters<Middleware>[2]): void {
  opened.then(
    () => next(),
    (error: unknown) => next(asHttpError(error)),
  )
}

async function openSession(
  authorizer: Authorizer,
  options: SessionMiddlewareOptions,
  req: IncomingMessage,
): Promise<void> {
  const before = attached(req)
  if (before !== undefined && before.authorizer !== authorizer) {
    throw new Misconfigured(
      'one request meets `session()` of two authorizers; each route answers to one of them',
    )
  }
  if (before === undefined) attach(req, await authorizeRequest(authorizer, await readToken(options, req)))
  if (options.required && attached(req)?.session === undefined) {
    throw new SessionInvalid('session_missing', 'the request carries no session token')
  }
}

function readToken(
  options: SessionMiddlewareOptions,
  req: IncomingMessage,
): string | undefined | Promise<string | undefined> {
  return options.token === undefined ? tokenOf(arrivedHeaders(req), options) : options.token(req as Request)
}
