export { assertNever } from './assert-never.js'
export type { Brand } from './brand.js'
export type {
  AnyEntity,
  Change,
  Commit,
  EntityByKind,
  EntityKind,
  PermissionRecord,
  ResourceTypeRecord,
  Revision,
  RoleRecord,
  SettingsRecord,
  ShardId,
} from './change.js'
export { environmentShard } from './change.js'
export type {
  Allow,
  Decision,
  Deny,
  DenyReason,
  Explanation,
  Grant,
  NearestMiss,
  ResourceAddress,
} from './decision.js'
export type {
  AuthorizationEngine,
  NewMembership,
  NewOrganization,
  NewResource,
  RoleAssignment,
  Written,
} from './engine.js'
export type {
  Assignment,
  AssignmentRecord,
  Membership,
  MembershipRecord,
  MembershipStatus,
  Organization,
  Resource,
  Timestamp,
} from './entities.js'
export { AuthorizationError, type ErrorKind, isAuthorizationError } from './errors/authorization-error.js'
export {
  EntityExists,
  EntityNotFound,
  type EntityNoun,
  ParentCycle,
  ParentTypeNotAllowed,
  ResourceHasDependents,
  RoleTypeMismatch,
  RootResourceFixed,
} from './errors/entity-errors.js'
export {
  AccessDenied,
  DecisionTimeout,
  Misconfigured,
  NotFound,
  ResourceNotLocated,
} from './errors/guard-errors.js'
export { InputInvalid, shown } from './errors/input-errors.js'
export {
  type ModelBlocker,
  ModelChangeRefused,
  ModelInvalid,
  PermissionUnknown,
  ResourceTypeUnknown,
  RoleUnknown,
} from './errors/model-errors.js'
export { KeysUnavailable, type SessionErrorCode, SessionInvalid } from './errors/session-errors.js'
export {
  ConsistencyTokenInvalid,
  ConsistencyUnreachable,
  StoreUnavailable,
  StoreUnusable,
  WriteContended,
} from './errors/store-errors.js'
export {
  type AssignmentId,
  type IdKind,
  idPrefixes,
  type MembershipId,
  type OrganizationId,
  type PermissionId,
  parseAssignmentId,
  parseMembershipId,
  parseOrganizationId,
  parseResourceId,
  type ResourceId,
  type RoleId,
} from './ids.js'
export { limits, parseDescription, parseExternalId, parseName, parseUserId } from './input.js'
export { compileModel, type DefinedModel, defineModel } from './model/define-model.js'
export type {
  ModelDefinition,
  PermissionDefinition,
  ResourceTypeDefinition,
  RoleDefinition,
} from './model/definition.js'
export {
  Model,
  type ModelShape,
  type PermissionType,
  type ResourceType,
  type RoleType,
  rootType,
} from './model/model.js'
export type { CheckOptions, CheckQuestion, ConsistencyToken, ResourceRef, SubjectRef } from './question.js'
export type {
  Permission,
  Register,
  RegisteredShape,
  ResourceTypeSlug,
  RoleSlug,
  TypeOfPermission,
} from './register.js'
export type { Session } from './session.js'
export { nearestSlug, parsePermissionSlug, parseSlug } from './slugs.js'
