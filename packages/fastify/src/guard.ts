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
export type Guard = (request: GuardedRequest, reply: GuardedReply, done: (error?: Error) => void) => void

const requirements = new WeakMap<object, Requirement>()

/** The hook that holds requests to a requirement. */
export function guard(requirement: Requirement): Guard {
  const placed = new WeakMap<Model, Map<string, Requirement>>()
  /** @returns What is waited for, if anything. */
  const enforce = (request: GuardedRequest): Promise<void> | undefined => {
    const authorization = authorizationOf(request)
    const { model } = authorization.authorizer
    const byPath = placed.get(model) ?? new Map<string, Requirement>()
    const path = request.routeOptions.url ?? ''
    let known = byPath.get(path)
    if (known === undefined) {
      known = placeOn(path, requirement, request.method, model)
      placed.set(model, byPath.set(path, known))
    }
    const view = viewOf(request)
    return authorization.enforceAtOnce(known, view) ? undefined : authorization.enforce(known, view)
  }
  // Not a promise for each: what is known is let in at once.
  return demanding(requirement, (request, reply, done) => {
    let awaited: Promise<void> | undefined
    try {
      awaited = enforce(request)
    } catch (error) {
      done(asHttpError(error))
      return
    }
    if (awaited === undefined) pass(reply, done)
    else
      awaited.then(
        () => pass(reply, done),
        (error: unknown) => done(asHttpError(error)),
      )
  })
}

function pass(reply: GuardedReply, done: () => void): void {
  if (!reply.hasHeader('cache-control')) reply.header('cache-control', privateResponse)
  done()
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
