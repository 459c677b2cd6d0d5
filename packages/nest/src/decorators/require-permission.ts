import {
  type AllRequirement,
  type AnyRequirement,
  all,
  any,
  type MeantTerms,
  type OptionsOf,
  requirementOf,
  type WrittenTerms,
} from '@bailiwick/client'
import type { Meant } from '@bailiwick/core'
import { demanding } from './demand.js'
import type { RouteDecorator } from './route-decorator.js'

/**
 * Let a request reach the handler (or, on a controller, any handler that says nothing itself) only if its
 * session holds a permission.
 *
 * Which resource is guarded is said by `resource`, or by the module's locator for the permission's type where the
 * route has that parameter; `scope: 'organization'` asks for the whole organization. A route without path
 * parameters asks for the whole organization anyway, and one with path parameters that nobody claims does not
 * start.
 *
 * @throws {Misconfigured} for an empty requirement, at once.
 *
 * @example
 * @Patch(':id')
 * @RequirePermission('project:edit', { resource: param('id') })
 * update(@CurrentSession() session: Session) { … }
 */
export function RequirePermission<const Term extends string | AnyRequirement | AllRequirement>(
  permission: Meant<Term>,
  options?: OptionsOf<Term>,
): RouteDecorator {
  return demanding(requirementOf(permission, options))
}

/**
 * Let a request through if at least one term holds. Options that all terms share are said with
 * `@RequirePermission(any(…), options)`.
 *
 * @throws {Misconfigured} without a term, at once.
 */
export function RequireAny<const Terms extends WrittenTerms>(...terms: MeantTerms<Terms>): RouteDecorator {
  return demanding(requirementOf(any<Terms>(...terms)))
}

/**
 * Let a request through only if every term holds. Options that all terms share are said with
 * `@RequirePermission(all(…), options)`.
 *
 * @throws {Misconfigured} without a term, at once.
 */
export function RequireAll<const Terms extends WrittenTerms>(...terms: MeantTerms<Terms>): RouteDecorator {
  return demanding(requirementOf(all<Terms>(...terms)))
}
