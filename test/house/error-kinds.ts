import type * as core from '@bailiwick/core'
import type * as testing from '@bailiwick/testing'
import type * as wire from '@bailiwick/wire'

type ErrorIn<Exported> = Exported extends abstract new (
  ...args: never
) => infer Made
  ? Made extends core.AuthorizationError
    ? string extends Made['code']
      ? never
      : Made
    : never
  : never

type ErrorsOf<Exports> = { [Name in keyof Exports]: ErrorIn<Exports[Name]> }[keyof Exports]
type AnyError = ErrorsOf<typeof core> | ErrorsOf<typeof testing> | ErrorsOf<typeof wire>

/** Every code that an error of ours can carry. */
export type ErrorCode = AnyError['code']

type KindOf<Code, Thrown = AnyError> = Thrown extends {
  readonly code: infer Codes
  readonly kind: infer Kind
}
  ? Code extends Codes
    ? Kind
    : never
  : never

/** Complete, and nothing too much, or it does not compile: the types of the classes say what stands here. */
export const errorKinds: { readonly [Code in ErrorCode]: KindOf<Code> } = {
  access_denied: 'denied',
  agent_not_found: 'not_found',
  api_key_ended: 'conflict',
  api_key_invalid: 'misconfigured',
  api_key_missing: 'misconfigured',
  api_key_not_found: 'not_found',
  api_key_scope_missing: 'misconfigured',
  assignment_exists: 'conflict',
  assignment_not_found: 'not_found',
  backup_damaged: 'misconfigured',
  backup_foreign: 'misconfigured',
  backup_newer: 'misconfigured',
  body_too_large: 'invalid',
  capability_missing: 'misconfigured',
  consistency_token_foreign: 'invalid',
  consistency_token_lost: 'invalid',
  consistency_token_malformed: 'invalid',
  consistency_unreachable: 'unavailable',
  cursor_invalid: 'invalid',
  decision_timeout: 'unavailable',
  exclusion_not_found: 'not_found',
  expectation_unknown: 'invalid',
  filter_missing: 'invalid',
  grant_invalid: 'invalid',
  group_member_not_found: 'not_found',
  group_not_found: 'not_found',
  headers_too_large: 'invalid',
  held_through_group: 'conflict',
  idempotency_key_in_use: 'conflict',
  idempotency_key_reused: 'invalid',
  idempotency_outcome_unknown: 'conflict',
  input_invalid: 'invalid',
  jwt_template_invalid: 'invalid',
  keys_unavailable: 'unavailable',
  mapping_exists: 'conflict',
  mapping_not_found: 'not_found',
  media_type_unsupported: 'invalid',
  membership_exists: 'conflict',
  membership_not_active: 'conflict',
  membership_not_found: 'not_found',
  membership_pending: 'conflict',
  method_not_allowed: 'invalid',
  minting_disabled: 'denied',
  misconfigured: 'misconfigured',
  model_change_refused: 'conflict',
  model_invalid: 'misconfigured',
  multiple_roles_not_enabled: 'invalid',
  no_organization_roles: 'conflict',
  not_found: 'not_found',
  organization_exists: 'conflict',
  organization_not_found: 'not_found',
  overloaded: 'unavailable',
  parent_cycle: 'conflict',
  parent_type_not_allowed: 'invalid',
  permission_exists: 'conflict',
  permission_not_found: 'not_found',
  permission_unknown: 'misconfigured',
  rate_limited: 'unavailable',
  remote_answer_invalid: 'unavailable',
  remote_circuit_open: 'unavailable',
  remote_key_refused: 'misconfigured',
  remote_overloaded: 'unavailable',
  remote_timeout: 'unavailable',
  remote_unreachable: 'unavailable',
  request_invalid: 'invalid',
  request_malformed: 'invalid',
  request_timeout: 'invalid',
  resource_exists: 'conflict',
  resource_has_dependents: 'conflict',
  resource_not_found: 'not_found',
  resource_not_located: 'invalid',
  resource_type_exists: 'conflict',
  resource_type_not_found: 'not_found',
  resource_type_unknown: 'invalid',
  revocations_unavailable: 'unavailable',
  role_exists: 'conflict',
  role_in_use: 'conflict',
  role_not_found: 'not_found',
  role_type_mismatch: 'invalid',
  role_unknown: 'invalid',
  root_resource_fixed: 'invalid',
  route_unknown: 'invalid',
  scope_too_large: 'conflict',
  service_conflict: 'conflict',
  service_denied: 'misconfigured',
  service_invalid: 'invalid',
  service_not_found: 'not_found',
  service_unauthenticated: 'misconfigured',
  service_unavailable: 'unavailable',
  session_agent_refused: 'unauthenticated',
  session_ambiguous: 'unauthenticated',
  session_expired: 'unauthenticated',
  session_malformed: 'unauthenticated',
  session_missing: 'unauthenticated',
  session_revoked: 'unauthenticated',
  session_untrusted: 'unauthenticated',
  shutting_down: 'unavailable',
  step_up_required: 'unauthenticated',
  store_damaged: 'misconfigured',
  store_foreign: 'misconfigured',
  store_full: 'unavailable',
  store_locked: 'misconfigured',
  store_newer: 'misconfigured',
  store_not_empty: 'misconfigured',
  store_unavailable: 'unavailable',
  user_exists: 'conflict',
  user_not_found: 'not_found',
  webhook_endpoint_not_found: 'not_found',
  write_contended: 'unavailable',
}
