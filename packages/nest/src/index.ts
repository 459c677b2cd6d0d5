export {
  Authorizer,
  all,
  any,
  body,
  type FieldLocator,
  header,
  type Locator,
  type LocatorFunction,
  type LocatorOptions,
  type LocatorsByType,
  type PermissionOptions,
  type ProblemOptions,
  param,
  permission,
  query,
  type RequestAuthorization,
  type RequestView,
  type Requirement,
  type Unguarded,
} from '@bailiwick/client'
export { NotFound, type Session } from '@bailiwick/core'
export { AuthorizationGuard } from './authorization-guard.js'
export { AuthorizationModule, type AuthorizationModuleExtras } from './authorization-module.js'
export { CurrentSession } from './decorators/current-session.js'
export type { RouteDecorator } from './decorators/demand.js'
export { Authenticated, Public } from './decorators/public.js'
export { RequireAll, RequireAny, RequirePermission } from './decorators/require-permission.js'
export { type AuthorizationModuleOptions, authorizationOptions } from './options.js'
export { ProblemFilter } from './problem-filter.js'
export { authorizationOf, type HttpRequest } from './request.js'
