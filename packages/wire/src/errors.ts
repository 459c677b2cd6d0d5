import { type AuthorizationError, type ErrorKind, isAuthorizationError } from '@bailiwick/core'
import type { FieldProblem } from './api-errors.js'
import { fieldOnWire } from './field-names.js'

/** The body of every error. */
export interface ErrorBody {
  readonly message: string
  /** The code of the WorkOS API. */
  readonly code: string
  /** Our own code, one for each way to fail: see docs/errors.md. */
  readonly reason: string
  readonly errors?: readonly FieldProblem[]
  /** The facts of the error, from which a client makes it again. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly request_id?: string
  /** As OAuth names it, where a client of OAuth asks. */
  readonly error?: string
  readonly error_description?: string
}

/** An error as it is answered. */
export interface RenderedError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ErrorBody
}

/**
 * The one way from an error to an answer. What is not ours, or is the operator's to mend, is a 500 that tells
 * nothing: its message may name files, hosts or what others store.
 */
export function renderError(error: unknown, requestId?: string): RenderedError {
  const id = requestId === undefined ? {} : { request_id: requestId }
  if (!isAuthorizationError(error)) return { ...internal, body: { ...internal.body, ...id } }
  const row = rowOf(error)
  if (row.status === 500) return { ...internal, body: { ...internal.body, ...id } }
  const errors = problemsOf(error)
  const details = factsOf(error)
  return {
    status: row.status,
    headers: headersOf(error, row.status),
    body: {
      message: error.message,
      code: typeof row.code === 'function' ? row.code(facts(error)) : row.code,
      reason: error.code,
      ...(errors === undefined ? {} : { errors }),
      ...(details === undefined ? {} : { details }),
      ...(row.oauth === undefined ? {} : { error: row.oauth, error_description: error.message }),
      ...id,
    },
  }
}

interface Row {
  readonly status: number
  readonly code: string | ((facts: Readonly<Record<string, unknown>>) => string)
  /** RFC 6749 section 5.2. */
  readonly oauth?: string
}

/** What holds for a kind of error, where its code is not in the table below. */
const byKind: Readonly<Record<ErrorKind, Row>> = {
  invalid: { status: 422, code: 'invalid_request_parameters' },
  not_found: { status: 404, code: 'not_found' },
  conflict: { status: 409, code: 'conflict' },
  unauthenticated: { status: 401, code: 'unauthorized' },
  denied: { status: 403, code: 'forbidden' },
  unavailable: { status: 503, code: 'service_unavailable' },
  misconfigured: { status: 500, code: 'internal_server_error' },
}

/** The table: our code, the status, and the code that WorkOS has for it. */
const byCode: Readonly<Record<string, Row>> = {
  // The form of a request.
  request_malformed: { status: 400, code: 'bad_request' },
  media_type_unsupported: { status: 415, code: 'unsupported_media_type' },
  body_too_large: { status: 413, code: 'payload_too_large' },
  headers_too_large: { status: 431, code: 'request_header_fields_too_large' },
  expectation_unknown: { status: 417, code: 'expectation_failed' },
  request_timeout: { status: 408, code: 'request_timeout' },
  route_unknown: { status: 404, code: 'not_found' },
  method_not_allowed: { status: 405, code: 'method_not_allowed' },
  // `missing_organization_id_or_resource_type_slug`
  filter_missing: {
    status: 400,
    code: ({ filters }) => `missing_${(filters as readonly string[]).join('_or_')}`,
  },
  api_key_missing: { status: 401, code: 'unauthorized' },
  api_key_invalid: { status: 401, code: 'unauthorized' },
  api_key_scope_missing: { status: 403, code: 'forbidden' },
  idempotency_key_reused: { status: 422, code: 'idempotency_key_reused' },
  idempotency_key_in_use: { status: 409, code: 'idempotency_key_in_use' },
  idempotency_outcome_unknown: { status: 409, code: 'idempotency_outcome_unknown' },
  rate_limited: { status: 429, code: 'rate_limit_exceeded' },
  consistency_token_malformed: { status: 400, code: 'bad_request' },
  consistency_token_foreign: { status: 400, code: 'bad_request' },
  consistency_token_lost: { status: 400, code: 'bad_request' },
  store_full: { status: 507, code: 'insufficient_storage' },

  // What a name cannot be, because it is taken.
  role_exists: {
    status: 409,
    code: ({ ref }) =>
      String(ref).startsWith('org-') ? 'organization_role_slug_conflict' : 'role_slug_conflict',
  },
  permission_exists: { status: 409, code: 'permission_slug_conflict' },
  resource_exists: { status: 409, code: 'authorization_resource_external_id_conflict' },
  resource_type_exists: { status: 409, code: 'resource_type_slug_conflict' },
  organization_exists: { status: 400, code: 'external_id_already_used' },
  user_exists: {
    status: 400,
    code: ({ ref }) => (isEmail(ref) ? 'user_creation_error' : 'external_id_already_used'),
  },
  membership_exists: { status: 409, code: 'organization_membership_already_exists' },
  assignment_exists: { status: 409, code: 'duplicate_group_role_assignment' },
  mapping_exists: { status: 409, code: 'duplicate_identity_provider_mapping' },

  // What others still need.
  resource_has_dependents: { status: 409, code: 'resource_has_dependents' },
  role_in_use: {
    status: 409,
    // The contract has one code for each kind of holder; a default role is held by whoever comes next.
    code: ({ dependents }) =>
      onlyMapped(dependents) ? 'role_has_group_role_mappings' : 'role_has_assignments',
  },
  api_key_ended: { status: 409, code: 'api_key_ended' },
  held_through_group: { status: 409, code: 'role_held_through_group' },
  model_change_refused: { status: 409, code: 'resource_in_use' },
  parent_cycle: { status: 409, code: 'parent_cycle' },
  no_organization_roles: { status: 409, code: 'no_organization_roles' },
  scope_too_large: { status: 409, code: 'scope_too_large' },

  // Memberships and sessions.
  membership_pending: {
    status: 400,
    code: ({ action }) => `cannot_${action}_pending_organization_membership`,
  },
  grant_invalid: { status: 400, code: 'invalid_grant', oauth: 'invalid_grant' },

  // Roles in the wrong place.
  role_unknown: { status: 422, code: 'invalid_role' },
  role_type_mismatch: {
    status: 422,
    code: ({ resourceType }) =>
      resourceType === 'organization' ? 'sub_resource_scoped_role_not_allowed' : 'invalid_role',
  },
  multiple_roles_not_enabled: { status: 422, code: 'multiple_roles_not_enabled' },

  // Set-up that the caller of this API makes, so that it is the caller's to mend.
  permission_unknown: { status: 422, code: 'invalid_request_parameters' },
  model_invalid: { status: 422, code: 'invalid_request_parameters' },
}

const metadataInvalid: Row = { status: 400, code: 'invalid_metadata' }

const internal: RenderedError = {
  status: 500,
  headers: {},
  body: { message: 'Internal server error', code: 'internal_server_error', reason: 'internal_error' },
}

function rowOf(error: AuthorizationError): Row {
  if (error.code === 'input_invalid' && facts(error).field === 'metadata') return metadataInvalid
  return byCode[error.code] ?? byKind[error.kind]
}

function headersOf(error: AuthorizationError, status: number): Readonly<Record<string, string>> {
  if (status === 401) return { 'www-authenticate': 'Bearer' }
  if (status !== 429 && status !== 503) return {}
  const { retryAfterSec } = facts(error)
  return { 'retry-after': String(typeof retryAfterSec === 'number' ? Math.ceil(retryAfterSec) : 1) }
}

function problemsOf(error: AuthorizationError): readonly FieldProblem[] | undefined {
  const { problems, field, rule } = facts(error)
  if (error.code === 'request_invalid') return problems as readonly FieldProblem[]
  if (error.code === 'user_exists' && isEmail(facts(error).ref)) return [emailTaken]
  if (error.code !== 'input_invalid') return undefined
  const name = fieldOnWire(String(field))
  return [{ field: name, code: `${name}_invalid`, message: String(rule) }]
}

const common = new Set(['name', 'kind', 'code', 'message', 'cause', 'stack'])

/** What an error knows beside what every error has. Problems stand in `errors` already. */
function factsOf(error: AuthorizationError): Readonly<Record<string, unknown>> | undefined {
  const known = Object.entries(error).filter(([key]) => !common.has(key) && key !== 'problems')
  return known.length === 0 ? undefined : Object.fromEntries(known)
}

function facts(error: AuthorizationError): Readonly<Record<string, unknown>> {
  return error as unknown as Readonly<Record<string, unknown>>
}

const emailTaken: FieldProblem = {
  field: 'email',
  code: 'email_not_available',
  message: 'This email is not available.',
}

function isEmail(ref: unknown): boolean {
  return String(ref).includes('@')
}

function onlyMapped(dependents: unknown): boolean {
  const { memberships, assignments, mappings, isDefault } = dependents as Record<string, unknown>
  return memberships === 0 && assignments === 0 && isDefault !== true && mappings !== 0
}
