export {
  all,
  any,
  arg,
  header,
  type LocatorFunction,
  type PermissionOptions,
  permission,
  type RequestAuthorization,
  type Requirement,
} from '@bailiwick/client'
export { assertGuarded, type ConnectableServer } from './assert-guarded.js'
export { authorizationOf } from './authorization-of.js'
export {
  type ProtectedResource,
  type ProtectedResourceOptions,
  protectedResource,
} from './protected-resource.js'
export { requirePermission, requireSession, type ToolRequirements } from './requirements.js'
export { type ToolGuard, toolGuard } from './tool-guard.js'
