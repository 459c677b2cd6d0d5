// For its declaration of `request.authz`: no other declaration file leads an application's compiler there.
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
export { type AuthorizationPluginOptions, authorization } from './authorization.js'
export type { Guard, GuardedReply } from './guard.js'
export type { GuardedRequest } from './request.js'
export { open, requirePermission, requireSession } from './require-permission.js'
export type { FastifyRoute } from './routes.js'
