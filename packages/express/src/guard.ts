import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  checkAgainstModel,
  placeRequirement,
  privateResponse,
  type Requirement,
  type Route,
} from '@bailiwick/client'
import type { Model } from '@bailiwick/core'
import type { Request } from 'express'
import { asHttpError } from './http-error.js'
import { demanding, type Middleware } from './middleware.js'
import { authorizationOf, viewOf } from './request.js'

/** Middleware that lets a request go on only if it meets the requirement. */
export function guard(requirement: Requirement): Middleware {
  let checked: Model | undefined
  const enforce = async (req: IncomingMessage, res: ServerResponse) => {
    const authorization = authorizationOf(req)
    const { model } = authorization.authorizer
    // `assertGuarded` finds these mistakes at start; without it the first request does, and gets a 500.
    if (checked !== model) checkAgainstModel(requirement, model)
    checked = model
    await authorization.enforce(placeRequirement(requirement, routeOf(req), model), viewOf(req))
    if (!res.hasHeader('cache-control')) res.setHeader('cache-control', privateResponse)
  }
  return demanding(requirement, (req, res, next) => {
    enforce(req, res).then(
      () => next(),
      (error: unknown) => next(asHttpError(error)),
    )
  })
}

function routeOf(req: IncomingMessage): Route {
  const { method, route, params } = req as Request
  return { name: `${method} ${route?.path ?? 'of this router'}`, parameters: Object.keys(params) }
}
