export {
  ApiKeyEnded,
  ApiKeyNotFound,
  ApiKeyRefused,
  ApiKeyScopeMissing,
  type FieldProblem,
  FilterMissing,
  FirstUnanswered,
  RequestInvalid,
  type RequestRefusal,
  RequestRefused,
  ServiceError,
  TryLater,
  WebhookEndpointNotFound,
} from './api-errors.js'
export { actorHeader, parseActorHeader, renderActorHeader, type SaidOrigin } from './audit/actor-header.js'
export { auditLogExportPath, listAuditLogs } from './audit/audit-log-operations.js'
export {
  type AuditLogEntryJson,
  type AuditLogFilter,
  type AuditLogQuery,
  auditLogExportEnd,
  auditLogExportHead,
  auditLogExportQuery,
  renderOrigin,
} from './audit/audit-logs.js'
export {
  fromGroupAssignmentId,
  type GroupAssignmentId,
  groupAssignmentId,
  toGroupAssignmentId,
} from './authorization/assignment-ids.js'
export { check } from './authorization/check-operation.js'
export { isDerivedAssignmentId } from './authorization/derived-assignment-id.js'
export {
  listMembershipsForResource,
  listMembershipsForResourceByExternalId,
  listResourcesForMembership,
} from './authorization/discovery-operations.js'
export {
  listEffectivePermissions,
  listEffectivePermissionsByExternalId,
  listEffectivePermissionsOnResource,
} from './authorization/effective-permission-operations.js'
export {
  addEnvironmentRolePermission,
  createEnvironmentRole,
  deleteEnvironmentRole,
  getEnvironmentRole,
  listEnvironmentRoles,
  removeEnvironmentRolePermission,
  setEnvironmentRolePermissions,
  updateEnvironmentRole,
} from './authorization/environment-role-operations.js'
export {
  type GroupRoleAssignmentJson,
  groupRoleAssignmentJson,
  renderGroupRoleAssignment,
} from './authorization/group-role-assignment.js'
export {
  createGroupRoleAssignment,
  getGroupRoleAssignment,
  listGroupRoleAssignments,
  removeGroupRoleAssignment,
  removeGroupRoleAssignments,
  replaceGroupRoleAssignments,
} from './authorization/group-role-assignment-operations.js'
export {
  addOrganizationRolePermission,
  createOrganizationRole,
  deleteOrganizationRole,
  getOrganizationRole,
  listOrganizationRoles,
  removeOrganizationRolePermission,
  setOrganizationRolePermissions,
  updateOrganizationRole,
} from './authorization/organization-role-operations.js'
export { parseParentFilter, parseRequiredParent, renderParent } from './authorization/parent-fields.js'
export { type PermissionJson, parseNewPermission, renderPermission } from './authorization/permission.js'
export {
  createPermission,
  deletePermission,
  getPermission,
  listPermissions,
  updatePermission,
} from './authorization/permission-operations.js'
export { readPlainCheck } from './authorization/plain-check.js'
export { parseRenaming } from './authorization/renaming.js'
export {
  parseNewResource,
  parseResource,
  parseResourceChanges,
  type ResourceJson,
  renderResource,
  resourceJson,
} from './authorization/resource.js'
export {
  createResource,
  deleteResource,
  deleteResourceByExternalId,
  getResource,
  getResourceByExternalId,
  listResources,
  updateResource,
  updateResourceByExternalId,
} from './authorization/resource-operations.js'
export {
  parseOrganizationRole,
  type RoleJson,
  renderEnvironmentRole,
  renderOrganizationRole,
  renderRole,
  renderRoles,
  roleJson,
} from './authorization/role.js'
export {
  heldRoleId,
  type RoleAssignmentJson,
  renderRoleAssignment,
  roleAssignmentJson,
} from './authorization/role-assignment.js'
export {
  assignRole,
  listResourceRoleAssignments,
  listRoleAssignments,
  listRoleAssignmentsForResource,
  removeRole,
  removeRoleAssignment,
} from './authorization/role-assignment-operations.js'
export {
  parseNewEnvironmentRole,
  parseNewOrganizationRole,
  parseRoleChanges,
} from './authorization/role-fields.js'
export {
  type EvaluationAnswer,
  type EvaluationsAnswer,
  type FoundEntity,
  renderDecisionPoint,
  renderSearch,
  type SearchAnswer,
} from './authzen/answers.js'
export { type PlainError, renderPlainError } from './authzen/errors.js'
export { authzen, organizationAuthzen } from './authzen/operations.js'
export {
  type ActionSearchRequest,
  type EvaluationRequest,
  type EvaluationsRequest,
  type EvaluationsSemantic,
  evaluationAt,
  evaluationRequest,
  type ResourceSearchRequest,
  type SubjectSearchRequest,
} from './authzen/requests.js'
export { type Defined, defined } from './defined.js'
export {
  GrantInvalid,
  MembershipNotActive,
  MembershipPending,
  MintingDisabled,
} from './directory/directory-errors.js'
export { listEvents } from './directory/event-operations.js'
export {
  type EventJson,
  type EventName,
  type EventQuery,
  eventNames,
  isEventName,
} from './directory/events.js'
export {
  addGroupMember,
  createGroup,
  deleteGroup,
  getGroup,
  listGroupMembers,
  listGroups,
  removeGroupMember,
  updateGroup,
} from './directory/group-operations.js'
export { type GroupJson, groupJson, parseGroup, renderGroup } from './directory/groups.js'
export type { JwtTemplateJson } from './directory/jwt-template.js'
export { getJwtTemplate, putJwtTemplate } from './directory/jwt-template-operations.js'
export {
  createMembership,
  deactivateMembership,
  deleteMembership,
  getMembership,
  listGroupsOfMembership,
  listMemberships,
  reactivateMembership,
  updateMembership,
} from './directory/membership-operations.js'
export {
  chosenRoles,
  inPriority,
  type MembershipJson,
  type MembershipSurroundings,
  membershipJson,
  type NewMembershipJson,
  type PlainMembershipJson,
  parseMembership,
  renderMembership,
  renderPlainMembership,
} from './directory/memberships.js'
export {
  createOrganization,
  deleteOrganization,
  getOrganization,
  getOrganizationByExternalId,
  listOrganizations,
  listRolesOfOrganization,
  updateOrganization,
} from './directory/organization-operations.js'
export {
  type OrganizationJson,
  organizationJson,
  parseNewOrganization,
  parseOrganization,
  parseOrganizationChanges,
  renderNewOrganization,
  renderOrganization,
} from './directory/organizations.js'
export {
  authenticate,
  getKeySet,
  listSessions,
  logOut,
  mintSession,
  revokeSession,
  rotateSigningKeys,
} from './directory/session-operations.js'
export type { AuthenticationJson, MintJson, SessionJson } from './directory/sessions.js'
export {
  createUser,
  deleteUser,
  getUser,
  getUserByExternalId,
  listUsers,
  updateUser,
} from './directory/user-operations.js'
export { parseNewUser, parseUserChanges, renderUser, type UserJson } from './directory/users.js'
export { type ErrorBody, type RenderedError, renderError } from './errors.js'
export { checkMany, explain } from './extensions/check-operations.js'
export { CheckRows, readCheckRows, spellOut } from './extensions/check-rows.js'
export {
  batchedCheck,
  type CheckOutcome,
  type ChecksAnswerJson,
  parseCheckDecisions,
  parseCheckExtras,
  renderCheckOutcomes,
  writeAnswerRows,
} from './extensions/checks.js'
export {
  type DecisionJson,
  decision,
  renderUnknownPermission,
} from './extensions/decisions.js'
export {
  applyDirectoryGroupEvent,
  createDirectoryMapping,
  deleteDirectoryMapping,
  getDirectoryMapping,
  listDirectoryMappings,
  syncDirectoryGroups,
} from './extensions/directory-operations.js'
export {
  getModel,
  getSettings,
  parseSettingsChanges,
  renderSettings,
  type SettingsJson,
  updateSettings,
} from './extensions/environment-operations.js'
export {
  createExclusion,
  deleteExclusion,
  getExclusion,
  listExclusions,
} from './extensions/exclusion-operations.js'
export {
  type ExplanationJson,
  explanation,
  parseExplanation,
  renderExplanation,
} from './extensions/explanations.js'
export {
  renderEffectivePermissions,
  renderExcludedPermission,
  renderResourceExistence,
} from './extensions/facts.js'
export { type GrantJson, grant } from './extensions/grants.js'
export {
  type DirectoryMappingJson,
  type ExclusionJson,
  exclusion,
  type HeldAssignmentJson,
  heldAssignment,
  parseDirectoryMapping,
  parseExclusion,
  parseHeldAssignment,
  parseHeldAssignmentId,
  renderDirectoryMapping,
  renderExclusion,
  renderHeldAssignment,
} from './extensions/held.js'
export { addMembership, setMembershipRoles, setMembershipStatus } from './extensions/membership-operations.js'
export { type ModelJson, model, parseModel, renderModel } from './extensions/models.js'
export { readPlainQuestion } from './extensions/plain-question.js'
export {
  type CheckQuestionJson,
  type PermissionsQuestionJson,
  type PlacingId,
  parseCheckQuestion,
  parsePermissionsQuestion,
  parseScopeQuestion,
  renderCheckQuestion,
  renderPermissionsQuestion,
  renderScopeQuestion,
  type ScopeQuestionJson,
  type Unplaced,
} from './extensions/questions.js'
export {
  parseResourceAddress,
  parseResourceRef,
  type ResourceAddressJson,
  type ResourceFieldsJson,
  renderResourceAddress,
  renderResourceRef,
} from './extensions/resource-fields.js'
export {
  addParentType,
  createResourceType,
  deleteResourceType,
  getResourceType,
  listResourceTypes,
  type ResourceTypeJson,
  renderResourceType,
  updateResourceType,
} from './extensions/resource-type-operations.js'
export { getRoleOrder, type RoleOrderJson, setRoleOrder } from './extensions/role-order-operations.js'
export { parseScope, renderScope, type ScopeJson, scope } from './extensions/scopes.js'
export {
  findEffectivePermissions,
  findPermissionExclusion,
  findResourceExistence,
  findScope,
  searchResources,
  searchSubjects,
} from './extensions/search-operations.js'
export {
  parseResourcesQuestion,
  parseSearchPage,
  parseSubjectsQuestion,
  type ResourcesQuestionJson,
  renderResourcesQuestion,
  renderSubjectsQuestion,
  type SubjectsQuestionJson,
} from './extensions/searches.js'
export {
  createSubjectRoleAssignment,
  listSubjectRoleAssignments,
  removeSubjectRoleAssignment,
  replaceSubjectRoleAssignments,
} from './extensions/subject-assignment-operations.js'
export {
  onBehalfOf,
  parseSubjectKey,
  parseSubjectRef,
  renderSubjectKey,
  renderSubjectRef,
  type SubjectFieldsJson,
  type SubjectKeyJson,
  subjectKey,
} from './extensions/subject-fields.js'
export {
  isSameCheck,
  takeDown,
  type WrittenCheck,
  writeChecks,
} from './extensions/write-checks.js'
export {
  type FeedEnd,
  type FeedEvent,
  type FeedGap,
  parseFeedEvent,
  renderFeedEvent,
} from './feed/feed-events.js'
export { type FeedPlace, readFeedToken, writeFeedToken } from './feed/feed-token.js'
export { feedPath, feedQuery, listCommits, shardId, shardPath } from './feed/operations.js'
export { parseCommit, parseStoredEntity, renderCommit, shardEnd, shardHead } from './feed/stored.js'
export { fieldOnWire } from './field-names.js'
export {
  assignmentId,
  exclusionId,
  externalId,
  groupId,
  mappingId,
  membershipId,
  organizationId,
  permissionId,
  resourceId,
  roleId,
  userId,
} from './ids.js'
export { createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from './keys/api-key-operations.js'
export type { ApiKeyJson } from './keys/api-keys.js'
export { type ListPage, type ListQuery, listOf, pageOf, type RenderedList, renderList } from './lists.js'
export { openApiDocument } from './open-api.js'
export {
  type HttpMethod,
  type KeyScope,
  type Operation,
  type OperationAnswer,
  type OperationInput,
  type OperationSchemas,
  operation,
  type Parsed,
} from './operation.js'
export { parseError } from './parse-error.js'
export {
  fieldsReader,
  paramsReader,
  parseFields,
  parseParams,
  type RequestReader,
} from './parse-request.js'
export { description, flag, permissionSlug, shortName, slug, timestamp } from './primitives.js'
export type {
  WebhookDeliveryJson,
  WebhookEndpointJson,
} from './webhooks/webhook-endpoints.js'
export {
  createWebhookEndpoint,
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
  replayWebhooks,
  rotateWebhookSecret,
  updateWebhookEndpoint,
} from './webhooks/webhook-operations.js'
