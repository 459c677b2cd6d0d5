import type { IncomingMessage, ServerResponse } from 'node:http'
import { Placements, privateResponse, type RequestedRoute, type Requirement } from '@bailiwick/client'
import type { Request } from 'express'
import { asHttpError } from './http-error.js'
import { demanding, type Middleware } from './middleware.js'
import { authorizationOf, readOnce, viewOf } from './request.js'

/** Middleware that lets a request go on only if it meets the requirement. */
export function guard(requirement: Requirement): Middleware {
  const placements = new Placements(requirement)
  /** @returns What is waited for, if anything. */
  const enforce = (req: IncomingMessage): Promise<void> | undefined => {
    const authorization = authorizationOf(req)
    // `assertGuarded` finds mistakes at start; without it the first request does, and gets a 500.
    const placed = placements.for(new RouteOf(req as Request), authorization.authorizer.model)
    const view = viewOf(req)
    return authorization.enforceAtOnce(placed, view) ? undefined : authorization.enforce(placed, view)
  }
  return demanding(requirement, (req, res, next) => {
    let awaited: Promise<void> | undefined
    try {
      awaited = enforce(req)
    } catch (error) {
      next(asHttpError(error))
      return
    }
    if (awaited === undefined) pass(res, next)
    else passAfter(awaited, res, next)
  })
}

// A function of its own: one that makes functions makes something at each call, whether it comes to that or not.
function passAfter(awaited: Promise<void>, res: ServerResponse, next: Parameters<Middleware>[2]): void {
  awaited.then(
    () => pass(res, next),
    (error: unknown) => next(asHttpError(error)),
  )
}

function pass(res: ServerResponse, next: () => void): void {
  // By what `session()` has called already: V8 looks for a method anew on each response of Express, and then knows it.
  if (res.getHeader('cache-control') === undefined) res.setHeader('cache-control', privateResponse)
  next()
}

class RouteOf implements RequestedRoute {
  constructor(private readonly req: Request) {}

  get params(): Request['params'] {
    return readOnce(this.req, 'params')
  }

  get name(): string {
    const { method, route } = this.req
    return `${method} ${route?.path ?? 'of this router'}`
  }
}
