// For its declaration of `c.var.authz`: no other declaration file leads an application's compiler there.
import './request.js'

export {
  all,
  any,
  body,
  type FieldLocator,
  formatRoutes,
  type GuardedRoute,
  header,
  type Locator,
  type LocatorFunction,
  type LocatorOptions,
  type PermissionOptions,
  type ProblemOptions,
  param,
  permission,
  query,
  type RequestAuthorization,
  type RequestView,
  type Requirement,
  type StandingGuard,
  type Unguarded,
} from '@bailiwick/client'
export { NotFound } from '@bailiwick/core'
export { type AssertGuardedOptions, assertGuarded } from './assert-guarded.js'
export { authzPage } from './development-page.js'
export { type ProblemsOptions, problems } from './problems.js'
export { open, requirePermission, requireSession } from './require-permission.js'
export { type HonoApplication, type HonoRoute, routesOf } from './routes-of.js'
export { type SessionMiddlewareOptions, session } from './session.js'
