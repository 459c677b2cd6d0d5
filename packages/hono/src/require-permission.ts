import {
  type AllRequirement,
  type AnyRequirement,
  type ArgumentsOf,
  authenticated,
  type PermissionOptions,
  requirementOf,
} from '@bailiwick/client'
import type { Meant, Permission, StepUp } from '@bailiwick/core'
import type { Context, MiddlewareHandler } from 'hono'
import { guard } from './guard.js'
import { demanding } from './middleware.js'

/**
 * Let a request go on only if its session holds a permission.
 *
 * A permission on a resource says which one (`resource: param('id')`) or asks for the whole organization
 * (`scope: 'organization'`); on a route without path parameters it asks for the whole organization anyway.
 * Refusals are errors: 401 without a session, 403 (404 with `conceal`) for a denial, 400 when the locator finds no
 * id, 503 when it cannot be decided now.
 *
 * @throws {Misconfigured} for an empty requirement, at once.
 *
 * @example
 * app.patch('/projects/:id', requirePermission('project:edit', { resource: param('id') }), updateProject)
 */
export function requirePermission<const Term extends string | AnyRequirement | AllRequirement>(
  term: Meant<Term>,
  // One signature rather than two: of overloads the compiler explains one only, and not the one that was meant.
  ...options: Term extends Permission ? ArgumentsOf<Term, Context> : [options?: PermissionOptions<Context>]
): MiddlewareHandler {
  const [given] = options as [PermissionOptions<Context>?]
  return guard(requirementOf(term, given))
}

/**
 * Let a request go on only with a valid session, whatever it may do.
 *
 * @throws {Misconfigured} for a `stepUp` that demands nothing, at once.
 */
export function requireSession(options: { readonly stepUp?: StepUp } = {}): MiddlewareHandler {
  return guard(authenticated(options))
}

/** Say that a route is meant to be open to anybody, so that `assertGuarded` does not take it for forgotten. */
export function open(): MiddlewareHandler {
  return demanding({ kind: 'public' }, (_c, next) => next())
}
