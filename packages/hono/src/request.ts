import { type RequestAuthorization, type RequestView, separateHeaders } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import type { Context } from 'hono'

declare module 'hono' {
  interface ContextVariableMap {
    /** Who sends this request, and what she may do. Set by `session()`. */
    readonly authz: RequestAuthorization
  }
}

// Behind a name that nobody else has: `c.set('authz', …)` of other middleware changes what handlers see, and no guard.
const authorizationKey = Symbol('authorization')

interface Attachable {
  [authorizationKey]?: RequestAuthorization
}

/** Bind a request to its session, for the guards and, as `c.var.authz`, for the handlers. */
export function attach(c: Context, authorization: RequestAuthorization): void {
  Object.assign(c, { [authorizationKey]: authorization })
  c.set('authz', authorization)
}

/** What `session()` has found out about a request, if it has run. */
export function attached(c: Context): RequestAuthorization | undefined {
  return (c as Attachable)[authorizationKey]
}

/** @throws {Misconfigured} when `session()` has not run before. */
export function authorizationOf(c: Context): RequestAuthorization {
  const authorization = attached(c)
  if (authorization !== undefined) return authorization
  throw new Misconfigured('a guard runs before `session()`: put `app.use(session(authz))` above the routes')
}

/**
 * The request as locators read it.
 *
 * @param body - As the guard has read it; `undefined` when no locator asks for it.
 */
export function viewOf(c: Context, body: unknown): RequestView<Context> {
  return new HonoRequestView(c, body)
}

/** The headers as they arrived, names and values in turn: requests of the web's kind join those of one name. */
export function rawHeadersOf(c: Context): readonly string[] {
  const { incoming } = (c.env ?? {}) as { incoming?: { rawHeaders?: readonly string[] } }
  return incoming?.rawHeaders ?? separateHeaders(c.req.raw.headers)
}

// A class, so that only a locator that reads the query pays for it.
class HonoRequestView implements RequestView<Context> {
  readonly params: Readonly<Record<string, string>>
  readonly rawHeaders: readonly string[]

  constructor(
    readonly native: Context,
    readonly body: unknown,
  ) {
    this.params = native.req.param() as Record<string, string>
    this.rawHeaders = rawHeadersOf(native)
  }

  get query(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      Object.entries(this.native.req.queries()).map(([name, values]) => [
        name,
        values.length === 1 ? values[0] : values,
      ]),
    )
  }
}
