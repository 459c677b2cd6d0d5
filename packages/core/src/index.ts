export type { Administration, ServiceEngine } from './administration.js'
export { allResources, allSubjects } from './all-items.js'
export { assertNever } from './assert-never.js'
export type { AnswersAtOnce, Moment } from './at-once.js'
export type { Brand } from './brand.js'
export type {
  AnyEntity,
  ApiKeyRecord,
  Change,
  Commit,
  EntityByKind,
  EntityKind,
  JwtTemplateRecord,
  LogEntry,
  LogLink,
  PermissionRecord,
  ResourceTypeRecord,
  Revision,
  RoleRecord,
  ServicePartChange,
  ServicePartKind,
  ServiceShardId,
  SettingsRecord,
  ShardId,
  SigningKeyRecord,
  UserShardId,
  WebhookEndpointRecord,
} from './change.js'
export { environmentShard, serviceShard, userShard } from './change.js'
export type { ChangeSource } from './change-source.js'
export type {
  Allow,
  Decision,
  Delegation,
  Deny,
  DenyReason,
  ExclusionHit,
  Explanation,
  Grant,
  NearestMiss,
  ResourceAddress,
} from './decision.js'
export type { NewUser, OrganizationChanges, UserFields } from './directory-input.js'
export type {
  AuthorizationEngine,
  DirectoryGroupEvent,
  NewDirectoryMapping,
  NewExclusion,
  NewGroup,
  NewMembership,
  NewOrganization,
  NewOrganizationRole,
  NewResource,
  PermissionEdit,
  Questions,
  RoleAssignment,
  Written,
} from './engine.js'
export type {
  Assignment,
  AssignmentRecord,
  DirectoryMapping,
  DirectorySource,
  EnvironmentRole,
  Exclusion,
  ExclusionRecord,
  Group,
  GroupMemberRecord,
  MappingRecord,
  Membership,
  MembershipRecord,
  MembershipStatus,
  Organization,
  OrganizationDomain,
  OrganizationRole,
  OrganizationRoleRecord,
  PermissionEntity,
  Resource,
  ResourceTypeEntity,
  RoleOrderRecord,
  Stamped,
  SubjectKey,
  Timestamp,
  User,
} from './entities.js'
export type { EntityId, EntityPage, EntityPageOptions } from './entity-page.js'
export type {
  EnvironmentSettings,
  NewEnvironmentRole,
  NewPermission,
  NewResourceType,
  Renaming,
  RoleOrder,
} from './environment-input.js'
export { AuthorizationError, type ErrorKind, isAuthorizationError } from './errors/authorization-error.js'
export {
  EntityExists,
  EntityNotFound,
  type EntityNoun,
  HeldThroughGroup,
  MultipleRolesNotEnabled,
  NoOrganizationRoles,
  ParentCycle,
  ParentTypeNotAllowed,
  ResourceHasDependents,
  RoleInUse,
  RoleTypeMismatch,
  RootResourceFixed,
  type UniqueNoun,
} from './errors/entity-errors.js'
export {
  AccessDenied,
  DecisionTimeout,
  Misconfigured,
  NotFound,
  ResourceNotLocated,
} from './errors/guard-errors.js'
export { CursorInvalid, InputInvalid, ScopeTooLarge, shown } from './errors/input-errors.js'
export {
  type ModelBlocker,
  ModelChangeRefused,
  ModelInvalid,
  PermissionUnknown,
  ResourceTypeUnknown,
  RoleUnknown,
} from './errors/model-errors.js'
export {
  CapabilityMissing,
  type RemoteErrorCode,
  RemoteKeyRefused,
  RemoteUnavailable,
} from './errors/remote-errors.js'
export {
  KeysUnavailable,
  RevocationsUnavailable,
  type SessionErrorCode,
  SessionInvalid,
  type StepUp,
  StepUpRequired,
} from './errors/session-errors.js'
export {
  BackupUnusable,
  ConsistencyTokenInvalid,
  ConsistencyUnreachable,
  StoreFull,
  StoreUnavailable,
  StoreUnusable,
  WriteContended,
} from './errors/store-errors.js'
export type { HeldRole, HeldRolePage, HeldRolesFilter } from './held-role.js'
export {
  type AssignmentId,
  type ExclusionId,
  type GroupId,
  type IdKind,
  idPrefixes,
  type MappingId,
  type MembershipId,
  type OrganizationId,
  type PermissionId,
  parseAssignmentId,
  parseGroupId,
  parseMembershipId,
  parseOrganizationId,
  parseResourceId,
  type ResourceId,
  type RoleId,
  type UserId,
} from './ids.js'
export { isWellFormed, limits, parseDescription, parseExternalId, parseName, parseUserId } from './input.js'
export { JwtTemplateInvalid } from './jwt-template/jwt-template-invalid.js'
export { type JwtTemplateContext, renderJwtTemplate } from './jwt-template/render-jwt-template.js'
export { type Metadata, type MetadataChanges, mergeMetadata, parseMetadata } from './metadata.js'
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
  organizationRolePrefix,
  type PermissionType,
  type ResourceType,
  type RoleMode,
  type RoleType,
  rootType,
} from './model/model.js'
export type { FiledNote, Note, Notebook } from './notebook.js'
export { type Actor, type Origin, parseOrigin } from './origin.js'
export type {
  AgentRef,
  Asking,
  CheckOptions,
  CheckQuestion,
  ConsistencyToken,
  Cursor,
  ItemId,
  MembershipRef,
  Page,
  PageOptions,
  PermissionsQuestion,
  ResourceRef,
  ResourcesQuestion,
  SubjectRef,
  SubjectsQuestion,
} from './question.js'
export type {
  GivenRole,
  Meant,
  MeantType,
  Permission,
  Register,
  RegisteredShape,
  ResourceTypeSlug,
  RoleSlug,
  TypeOfPermission,
  TypesAlong,
} from './register.js'
export type { Scope, ScopeQuestion } from './scope.js'
export type { Session } from './session.js'
export { nearestSlug, parsePermissionSlug, parseSlug } from './slugs.js'
