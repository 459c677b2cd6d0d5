import {
  checkAgainstModel,
  pathParameters,
  placeRequirement,
  privateResponse,
  type Requirement,
} from '@bailiwick/client'
import type { Model } from '@bailiwick/core'
import { asHttpError } from './http-error.js'
import { authorizationOf, type GuardedRequest, viewOf } from './request.js'

/** What a guard needs of Fastify's reply, whatever server and types the application has. */
export interface GuardedReply {
  hasHeader(name: string): boolean
  header(name: string, value: string): unknown
}

/** A hook of Fastify that lets a request go on only if it may: for `onRequest`, `preValidation` or `preHandler`. */
export type Guard = (request: GuardedRequest, reply: GuardedReply) => Promise<void>

const requirements = new WeakMap<object, Requirement>()

/** The hook that holds requests to a requirement. */
export function guard(requirement: Requirement): Guard {
  const placed = new WeakMap<Model, Map<string, Requirement>>()
  return demanding(requirement, async (request, reply) => {
    try {
      const authorization = authorizationOf(request)
      const { model } = authorization.authorizer
      const byPath = placed.get(model) ?? new Map<string, Requirement>()
      placed.set(model, byPath)
      const path = request.routeOptions.url ?? ''
      const known = byPath.get(path) ?? placeOn(path, requirement, request.method, model)
      byPath.set(path, known)
      await authorization.enforce(known, viewOf(request))
    } catch (error) {
      throw asHttpError(error)
    }
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', privateResponse)
  })
}

/** Remember what a hook demands, so that the routes of an application can be listed. */
export function demanding(requirement: Requirement, hook: Guard): Guard {
  requirements.set(hook, requirement)
  return hook
}

/** What a hook demands, if it is a guard of ours. */
export function demandOf(hook: unknown): Requirement | undefined {
  return typeof hook === 'function' ? requirements.get(hook) : undefined
}

// The plugin has found these mistakes at start, unless the guard stands where it could not look.
function placeOn(path: string, requirement: Requirement, method: string, model: Model): Requirement {
  checkAgainstModel(requirement, model)
  return placeRequirement(requirement, { name: `${method} ${path}`, parameters: pathParameters(path) }, model)
}
