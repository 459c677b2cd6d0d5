export {
  ApiKeyRefused,
  ApiKeyScopeMissing,
  type FieldProblem,
  RequestInvalid,
  type RequestRefusal,
  RequestRefused,
  ServiceError,
  TryLater,
} from './api-errors.js'
export {
  fromGroupAssignmentId,
  type GroupAssignmentId,
  groupAssignmentId,
  toGroupAssignmentId,
} from './authorization/assignment-ids.js'
export { type ErrorBody, type RenderedError, renderError } from './errors.js'
export {
  batchedCheck,
  type CheckOutcome,
  type ChecksAnswerJson,
  checkExtras,
  checksAnswer,
  checksBody,
  parseCheckDecisions,
  parseCheckExtras,
  renderCheckOutcomes,
} from './extensions/checks.js'
export {
  type DecisionJson,
  decision,
  parseDecision,
  renderDecision,
  renderUnknownPermission,
} from './extensions/decisions.js'
export {
  type ExplanationJson,
  explanation,
  parseExplanation,
  renderExplanation,
} from './extensions/explanations.js'
export {
  exclusionHit,
  type GrantJson,
  grant,
  nearestMiss,
  parseExclusionHit,
  parseGrant,
  parseNearestMiss,
  renderExclusionHit,
  renderGrant,
  renderNearestMiss,
} from './extensions/grants.js'
export {
  type DirectoryMappingJson,
  directoryMapping,
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
export { type ModelJson, model, parseModel, renderModel } from './extensions/models.js'
export {
  type CheckQuestionJson,
  checkQuestion,
  type PermissionsQuestionJson,
  type PlacingId,
  parseAsking,
  parseCheckQuestion,
  parsePermissionsQuestion,
  parseScopeQuestion,
  permissionsQuestion,
  renderAsking,
  renderCheckQuestion,
  renderPermissionsQuestion,
  renderScopeQuestion,
  type ScopeQuestionJson,
  scopeQuestion,
  type Unplaced,
} from './extensions/questions.js'
export {
  parseResourceAddress,
  parseResourceRef,
  type ResourceAddressJson,
  type ResourceFieldsJson,
  readTarget,
  renderResourceAddress,
  renderResourceRef,
  resourceAddress,
  resourceFields,
} from './extensions/resource-fields.js'
export { parseScope, renderScope, type ScopeJson, scope } from './extensions/scopes.js'
export {
  parseResourcesQuestion,
  parseSearchPage,
  parseSubjectsQuestion,
  type ResourcesQuestionJson,
  renderResourcesQuestion,
  renderSearchPage,
  renderSubjectsQuestion,
  resourcesQuestion,
  type SubjectsQuestionJson,
  searchPageFields,
  subjectsQuestion,
} from './extensions/searches.js'
export {
  onBehalfOf,
  parseOnBehalfOf,
  parseSubjectKey,
  parseSubjectRef,
  renderSubjectKey,
  renderSubjectRef,
  type SubjectFieldsJson,
  type SubjectKeyJson,
  subjectFields,
  subjectKey,
} from './extensions/subject-fields.js'
export { fieldOnWire } from './field-names.js'
export {
  assignmentId,
  exclusionId,
  externalId,
  groupId,
  knownSlug,
  mappingId,
  membershipId,
  organizationId,
  permissionId,
  resourceId,
  roleId,
  userId,
} from './ids.js'
export {
  type ListPage,
  type ListQuery,
  listFields,
  listOf,
  listQuery,
  pageOf,
  type RenderedList,
  renderList,
} from './lists.js'
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
export { parseFields, parseParams } from './parse-request.js'
export {
  commaList,
  description,
  flag,
  longName,
  nameUpTo,
  permissionSlug,
  shortName,
  slug,
  timestamp,
} from './primitives.js'
