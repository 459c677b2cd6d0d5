import {
  type AuthorizationError,
  ConsistencyTokenInvalid,
  ConsistencyUnreachable,
  CursorInvalid,
  DecisionTimeout,
  EntityExists,
  EntityNotFound,
  type EntityNoun,
  type GroupId,
  HeldThroughGroup,
  InputInvalid,
  type MappingId,
  ModelChangeRefused,
  ModelInvalid,
  MultipleRolesNotEnabled,
  NoOrganizationRoles,
  NotFound,
  type OrganizationId,
  ParentCycle,
  ParentTypeNotAllowed,
  PermissionUnknown,
  ResourceHasDependents,
  type ResourceId,
  ResourceTypeUnknown,
  RoleInUse,
  RoleTypeMismatch,
  RoleUnknown,
  RootResourceFixed,
  ScopeTooLarge,
  StoreFull,
  StoreUnavailable,
  type UniqueNoun,
  WriteContended,
} from '@bailiwick/core'
import { z } from 'zod'
import {
  ApiKeyEnded,
  ApiKeyNotFound,
  ApiKeyRefused,
  ApiKeyScopeMissing,
  FilterMissing,
  FirstUnanswered,
  RequestInvalid,
  type RequestRefusal,
  RequestRefused,
  ServiceError,
  TryLater,
  WebhookEndpointNotFound,
} from './api-errors.js'

/**
 * The error behind an answer that is no success: the very one that the engine threw where the answer is ours, a
 * `ServiceError` otherwise. Never throws, whatever the body is.
 *
 * @param body - The JSON of the answer, or `undefined` when it has none.
 */
export function parseError(status: number, body: unknown): AuthorizationError {
  const answer = answerSchema.safeParse(body)
  if (!answer.success)
    return new ServiceError(codeOf(status), `the service answered ${status}`, status, undefined)
  const { message, code, reason } = answer.data
  const details = { ...answer.data.details, problems: answer.data.errors }
  const made = reason === undefined ? undefined : rebuild(reason, details, message)
  if (made === undefined) return new ServiceError(codeOf(status), message, status, code)
  // The message was made of a value that stays with the service.
  made.message = message
  return made
}

const answerSchema = z.object({
  message: z.string(),
  code: z.string().optional(),
  reason: z.string().optional(),
  errors: z
    .array(z.object({ field: z.string(), code: z.string(), message: z.string() }))
    .optional()
    .catch(undefined),
  details: z.record(z.string(), z.unknown()).optional().catch(undefined),
})

function rebuild(reason: string, details: unknown, message: string): AuthorizationError | undefined {
  const own = Object.hasOwn(makers, reason) ? makers[reason] : undefined
  if (own !== undefined) return own(details, message)
  if (reason.endsWith('_not_found')) return notFound(details, message)
  return reason.endsWith('_exists') ? exists(details, message) : undefined
}

type Maker = (details: unknown, message: string) => AuthorizationError | undefined

/** How to make an error of the facts that its answer carries; `undefined` where they are not there. */
function maker<Shape extends z.ZodRawShape>(
  shape: Shape,
  make: (facts: z.output<z.ZodObject<Shape>>, message: string) => AuthorizationError,
): Maker {
  const schema = z.object(shape)
  return (details, message) => {
    const facts = schema.safeParse(details)
    return facts.success ? make(facts.data, message) : undefined
  }
}

const text = z.string()
const count = z.number()
const near = z.string().optional()

const notFound = maker(
  { noun: text, ref: text },
  ({ noun, ref }) => new EntityNotFound(noun as EntityNoun, ref),
)
const exists = maker(
  { noun: text, ref: text, field: z.enum(['externalId', 'email']).optional() },
  ({ noun, ref, field }) =>
    field === undefined
      ? new EntityExists(noun as UniqueNoun, ref)
      : new EntityExists(noun as UniqueNoun, ref, field),
)

const makers: Readonly<Record<string, Maker>> = {
  not_found: () => new NotFound(),
  input_invalid: maker(
    { field: text, rule: text },
    ({ field, rule }) => new InputInvalid(field, rule, undefined),
  ),
  cursor_invalid: () => new CursorInvalid(),
  scope_too_large: maker(
    { permission: text, mostResources: count },
    ({ permission, mostResources }) => new ScopeTooLarge(permission, mostResources),
  ),
  resource_has_dependents: maker(
    {
      resource: text,
      dependents: z.object({ children: count, assignments: count, mappings: count, exclusions: count }),
    },
    ({ resource, dependents }) => new ResourceHasDependents(resource as ResourceId, dependents),
  ),
  parent_cycle: maker(
    { resource: text, parent: text },
    ({ resource, parent }) => new ParentCycle(resource as ResourceId, parent as ResourceId),
  ),
  parent_type_not_allowed: maker(
    { type: text, parentType: text, allowed: z.array(text) },
    ({ type, parentType, allowed }) => new ParentTypeNotAllowed(type, parentType, allowed),
  ),
  root_resource_fixed: maker(
    { organization: text },
    ({ organization }) => new RootResourceFixed(organization as OrganizationId),
  ),
  role_type_mismatch: maker(
    { role: text, roleType: text, resourceType: text },
    ({ role, roleType, resourceType }) => new RoleTypeMismatch(role, roleType, resourceType),
  ),
  role_in_use: maker(
    {
      role: text,
      dependents: z.object({
        memberships: count,
        assignments: count,
        mappings: count,
        isDefault: z.boolean(),
      }),
    },
    ({ role, dependents }) => new RoleInUse(role, dependents),
  ),
  held_through_group: maker(
    { role: text, through: text },
    ({ role, through }) => new HeldThroughGroup(role, through as GroupId | MappingId),
  ),
  multiple_roles_not_enabled: maker({ roles: count }, ({ roles }) => new MultipleRolesNotEnabled(roles)),
  no_organization_roles: maker(
    { organization: text },
    ({ organization }) => new NoOrganizationRoles(organization as OrganizationId),
  ),
  model_invalid: maker({ slug: text, rule: text }, ({ slug, rule }) => new ModelInvalid(slug, rule)),
  model_change_refused: maker(
    {
      blockers: z.array(
        z.object({
          part: z.enum(['resource_type', 'parent', 'agent', 'permission', 'role']),
          slug: text,
          dependents: count,
          remedy: text,
        }),
      ),
    },
    ({ blockers }) => new ModelChangeRefused(blockers),
  ),
  permission_unknown: maker(
    { permission: text, nearest: near },
    ({ permission, nearest }) => new PermissionUnknown(permission, nearest),
  ),
  role_unknown: maker({ role: text, nearest: near }, ({ role, nearest }) => new RoleUnknown(role, nearest)),
  resource_type_unknown: maker(
    { type: text, nearest: near },
    ({ type, nearest }) => new ResourceTypeUnknown(type, nearest),
  ),
  decision_timeout: maker({ deadlineMs: count }, ({ deadlineMs }) => new DecisionTimeout(deadlineMs)),
  store_full: (_, message) => new StoreFull(message),
  store_unavailable: (_, message) => new StoreUnavailable(message),
  write_contended: maker(
    { shard: text, attempts: count },
    ({ shard, attempts }) => new WriteContended(shard, attempts),
  ),
  consistency_token_malformed: (_, message) =>
    new ConsistencyTokenInvalid('consistency_token_malformed', message),
  consistency_token_foreign: (_, message) =>
    new ConsistencyTokenInvalid('consistency_token_foreign', message),
  consistency_token_lost: (_, message) => new ConsistencyTokenInvalid('consistency_token_lost', message),
  consistency_unreachable: maker(
    { shard: text, wanted: count, reached: count },
    ({ shard, wanted, reached }) => new ConsistencyUnreachable(shard, wanted, reached),
  ),

  request_malformed: refused('request_malformed'),
  media_type_unsupported: refused('media_type_unsupported'),
  body_too_large: refused('body_too_large'),
  headers_too_large: refused('headers_too_large'),
  expectation_unknown: refused('expectation_unknown'),
  route_unknown: refused('route_unknown'),
  method_not_allowed: refused('method_not_allowed'),
  request_timeout: refused('request_timeout'),
  idempotency_key_reused: refused('idempotency_key_reused'),
  idempotency_key_in_use: () => new FirstUnanswered('idempotency_key_in_use'),
  idempotency_outcome_unknown: () => new FirstUnanswered('idempotency_outcome_unknown'),
  request_invalid: maker(
    { problems: z.array(z.object({ field: text, code: text, message: text })) },
    ({ problems }) => new RequestInvalid(problems),
  ),
  filter_missing: maker({ filters: z.array(text) }, ({ filters }) => new FilterMissing(filters)),
  api_key_missing: (_, message) => new ApiKeyRefused('api_key_missing', message),
  api_key_invalid: (_, message) => new ApiKeyRefused('api_key_invalid', message),
  api_key_not_found: maker({ id: text }, ({ id }) => new ApiKeyNotFound(id)),
  webhook_endpoint_not_found: maker({ id: text }, ({ id }) => new WebhookEndpointNotFound(id)),
  api_key_ended: maker({ id: text }, ({ id }) => new ApiKeyEnded(id)),
  api_key_scope_missing: maker({ scope: text }, ({ scope }) => new ApiKeyScopeMissing(scope)),
  rate_limited: later('rate_limited'),
  overloaded: later('overloaded'),
  shutting_down: later('shutting_down'),
}

function refused(code: RequestRefusal): Maker {
  return (_, message) => new RequestRefused(code, message)
}

function later(code: TryLater['code']): Maker {
  return maker({ retryAfterSec: count }, ({ retryAfterSec }) => new TryLater(code, retryAfterSec))
}

function codeOf(status: number): ServiceError['code'] {
  if (status === 401) return 'service_unauthenticated'
  if (status === 403) return 'service_denied'
  if (status === 404) return 'service_not_found'
  if (status === 409) return 'service_conflict'
  return status >= 400 && status < 500 && status !== 408 && status !== 429
    ? 'service_invalid'
    : 'service_unavailable'
}
