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
export { type ErrorBody, type RenderedError, renderError } from './errors.js'
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
