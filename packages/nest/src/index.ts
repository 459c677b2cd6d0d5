export {
  Authorizer,
  all,
  any,
  arg,
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
  parent,
  permission,
  query,
  type RequestAuthorization,
  type RequestView,
  type Requirement,
  type Target,
  type Unguarded,
} from '@bailiwick/client'
export { NotFound, type Session } from '@bailiwick/core'
export { AuthorizationGuard } from './authorization-guard.js'
export { AuthorizationModule, type AuthorizationModuleExtras } from './authorization-module.js'
export { authorizationIn } from './calls/authorization-in.js'
export { ConnectionGuard } from './connection-guard.js'
export { Authorized } from './decorators/authorized.js'
export { Conceal } from './decorators/conceal.js'
export { CurrentSession } from './decorators/current-session.js'
export { Authenticated, Public } from './decorators/public.js'
export { RequireAll, RequireAny, RequirePermission } from './decorators/require-permission.js'
export type { RouteDecorator } from './decorators/route-decorator.js'
export { Scope } from './decorators/scope.js'
export { Guarded } from './guarded.js'
export { type AuthorizationModuleOptions, authorizationOptions } from './options.js'
export { ProblemFilter } from './problem-filter.js'
export { authorizationOf, type HttpRequest } from './request.js'
