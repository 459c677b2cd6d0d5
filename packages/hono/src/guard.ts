import {
  checkAgainstModel,
  permissionsOf,
  placeRequirement,
  privateResponse,
  type Requirement,
} from '@bailiwick/client'
import type { Model } from '@bailiwick/core'
import type { Context, MiddlewareHandler } from 'hono'
import { asHttpError } from './http-error.js'
import { demanding } from './middleware.js'
import { authorizationOf, viewOf } from './request.js'

/** Middleware that lets a request go on only if it meets the requirement. */
export function guard(requirement: Requirement): MiddlewareHandler {
  const asksForBody = permissionsOf(requirement).some(
    ({ resource }) =>
      typeof resource === 'function' ||
      resource?.source === 'body' ||
      resource?.organization?.source === 'body',
  )
  let checked: Model | undefined
  const enforce = async (c: Context) => {
    const authorization = authorizationOf(c)
    const { model } = authorization.authorizer
    // `assertGuarded` finds these mistakes at start; without it the first request does, and gets a 500.
    if (checked !== model) checkAgainstModel(requirement, model)
    checked = model
    const route = { name: `${c.req.method} ${c.req.path}`, parameters: Object.keys(c.req.param()) }
    const placed = placeRequirement(requirement, route, model)
    // Nobody without a session makes us read a body.
    const body = asksForBody && authorization.session !== undefined ? await jsonOf(c) : undefined
    await authorization.enforce(placed, viewOf(c, body))
  }
  return demanding(requirement, async (c, next) => {
    try {
      await enforce(c)
    } catch (error) {
      throw asHttpError(error)
    }
    await next()
    // Afterwards: a handler may return a response of its own making, without what was said before.
    if (!c.res.headers.has('cache-control')) c.header('cache-control', privateResponse)
  })
}

const json = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i

/**
 * The body, read in a way that leaves it to the handler (`c.req.json()`). JSON only: a form can be written so that it is
 * JSON as well, and the guard would look at one reading and the handler at the other.
 */
async function jsonOf(c: Context): Promise<unknown> {
  if (!json.test(c.req.header('content-type') ?? '')) return undefined
  try {
    return await c.req.json()
  } catch {
    // Not JSON: the locator finds nothing, which is 400.
    return undefined
  }
}
