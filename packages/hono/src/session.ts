import {
  type Authorizer,
  authorizeRequest,
  type TokenOptions,
  tokenOf,
  varyBySession,
} from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import type { Context, MiddlewareHandler } from 'hono'
import { asHttpError } from './http-error.js'
import { attach, attached, rawHeadersOf } from './request.js'

/** How `session()` reads a request. */
export interface SessionMiddlewareOptions extends TokenOptions {
  /**
   * Where the token is, when another middleware has unsealed it already: a login library's cookie, for example.
   * Then neither the `Authorization` header nor `cookie` is read.
   */
  readonly token?: (c: Context) => string | undefined | Promise<string | undefined>
}

/**
 * Verify the session token of every request and put what it yields on `c.var.authz`.
 *
 * The token is verified at once, here: a bad one is 401 even where no guard follows. A request without a token
 * goes on without a session, and the first guard answers it with 401.
 *
 * @example
 * app.use(session(authz))
 */
export function session(authorizer: Authorizer, options: SessionMiddlewareOptions = {}): MiddlewareHandler {
  const cookies = options.cookie !== undefined || options.token !== undefined
  const vary = (c: Context, current: string | null | undefined) =>
    c.header('vary', varyBySession(current ?? undefined, { cookies }))
  return async (c, next) => {
    try {
      await openSession(authorizer, options, c)
    } catch (error) {
      vary(c, undefined)
      throw asHttpError(error)
    }
    await next()
    // Afterwards: a handler may return a response of its own making, without what was said before.
    vary(c, c.res.headers.get('vary'))
  }
}

async function openSession(
  authorizer: Authorizer,
  options: SessionMiddlewareOptions,
  c: Context,
): Promise<void> {
  const before = attached(c)
  if (before !== undefined && before.authorizer !== authorizer) {
    throw new Misconfigured(
      'one request meets `session()` of two authorizers; each route answers to one of them',
    )
  }
  if (before !== undefined) return
  const token = options.token === undefined ? tokenOf(rawHeadersOf(c), options) : await options.token(c)
  attach(c, await authorizeRequest(authorizer, token))
}
