// For its declaration of `req.authz`: no other declaration file leads an application's compiler there.
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
export { authzPage } from './development-page.js'
export type { ErrorMiddleware, Middleware } from './middleware.js'
export { problems } from './problems.js'
export { open, requirePermission, requireSession } from './require-permission.js'
export { type AssertGuardedOptions, assertGuarded } from './routes/assert-guarded.js'
export { type ExpressRoute, routesOf } from './routes/routes-of.js'
export { type SessionMiddlewareOptions, session } from './session.js'
