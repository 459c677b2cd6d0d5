import {
  type AllRequirement,
  type AnyRequirement,
  type ArgumentsOf,
  authenticated,
  type PermissionOptions,
  requirementOf,
} from '@bailiwick/client'
import type { Meant, Permission, StepUp } from '@bailiwick/core'
import type { FastifyRequest } from 'fastify'
import { demanding, type Guard, guard } from './guard.js'

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
 * app.patch('/projects/:id', { preHandler: requirePermission('project:edit', { resource: param('id') }) }, update)
 */
export function requirePermission<const Term extends string | AnyRequirement | AllRequirement>(
  term: Meant<Term>,
  // One signature rather than two: of overloads the compiler explains one only, and not the one that was meant.
  ...options: Term extends Permission
    ? ArgumentsOf<Term, FastifyRequest>
    : [options?: PermissionOptions<FastifyRequest>]
): Guard {
  const [given] = options as [PermissionOptions<FastifyRequest>?]
  return guard(requirementOf(term, given))
}

/**
 * Let a request go on only with a valid session, whatever it may do.
 *
 * @throws {Misconfigured} for a `stepUp` that demands nothing, at once.
 */
export function requireSession(options: { readonly stepUp?: StepUp } = {}): Guard {
  return guard(authenticated(options))
}

/** Say that a route is meant to be open to anybody, so that it is not taken for forgotten. */
export function open(): Guard {
  return demanding({ kind: 'public' }, (_request, _reply, done) => done())
}
