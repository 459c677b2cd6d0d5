import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Requirement } from '@bailiwick/client'

/**
 * Middleware of Express 4 and 5. It asks no more of the request than Node's own type, so that the handlers
 * beside it on a route keep the parameters that Express infers from the path.
 */
export type Middleware = (req: IncomingMessage, res: ServerResponse, next: (error?: unknown) => void) => void

/** Error-handling middleware of Express 4 and 5. */
export type ErrorMiddleware = (
  error: unknown,
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void

const requirements = new WeakMap<object, Requirement>()

/** Remember what a middleware demands, so that the routes of an application can be listed. */
export function demanding(requirement: Requirement, middleware: Middleware): Middleware {
  requirements.set(middleware, requirement)
  return middleware
}

/** What a middleware demands, if it is a guard of ours. */
export function demandOf(middleware: unknown): Requirement | undefined {
  return typeof middleware === 'function' ? requirements.get(middleware) : undefined
}
