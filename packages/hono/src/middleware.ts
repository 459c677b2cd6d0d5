import type { Requirement } from '@bailiwick/client'
import type { MiddlewareHandler } from 'hono'

const requirements = new WeakMap<object, Requirement>()

/** Remember what a middleware demands, so that the routes of an application can be listed. */
export function demanding(requirement: Requirement, middleware: MiddlewareHandler): MiddlewareHandler {
  requirements.set(middleware, requirement)
  return middleware
}

/** What a middleware demands, if it is a guard of ours. */
export function demandOf(middleware: object): Requirement | undefined {
  return requirements.get(middleware)
}
