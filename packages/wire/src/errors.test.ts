import {
  type AuthorizationError,
  ConsistencyTokenInvalid,
  ConsistencyUnreachable,
  CursorInvalid,
  DecisionTimeout,
  EntityExists,
  EntityNotFound,
  type GroupId,
  HeldThroughGroup,
  InputInvalid,
  Misconfigured,
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
  StoreUnavailable,
  StoreUnusable,
  WriteContended,
} from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import {
  ApiKeyEnded,
  ApiKeyNotFound,
  ApiKeyRefused,
  ApiKeyScopeMissing,
  FilterMissing,
  FirstUnanswered,
  RequestInvalid,
  RequestRefused,
  TryLater,
  WebhookEndpointNotFound,
} from './api-errors.js'
import { renderError } from './errors.js'
import { parseError } from './parse-error.js'

const resource = 'authz_resource_1' as ResourceId
const organization = 'org_1' as OrganizationId
const nobody = { memberships: 0, assignments: 0, mappings: 0, isDefault: false }
const nothing = { children: 0, assignments: 0, mappings: 0, exclusions: 0 }
const blocker = { part: 'role', slug: 'editor', dependents: 2, remedy: 'take it back' } as const

const table: readonly (readonly [AuthorizationError, number, string])[] = [
  [new InputInvalid('externalId', 'must be short', 'x'.repeat(200)), 422, 'invalid_request_parameters'],
  [new CursorInvalid(), 422, 'invalid_request_parameters'],
  [new ScopeTooLarge('project:view', 10_000), 409, 'scope_too_large'],
  [new NotFound(), 404, 'not_found'],
  [new EntityNotFound('membership', 'om_1'), 404, 'not_found'],
  [new EntityNotFound('permission', 'project:edit'), 404, 'not_found'],
  [new EntityExists('resource', 'web'), 409, 'authorization_resource_external_id_conflict'],
  [new EntityExists('role', 'editor'), 409, 'role_slug_conflict'],
  [new EntityExists('role', 'org-editor'), 409, 'organization_role_slug_conflict'],
  [new EntityExists('permission', 'project:edit'), 409, 'permission_slug_conflict'],
  [new EntityExists('organization', 'acme', 'externalId'), 400, 'external_id_already_used'],
  [new EntityExists('assignment', 'role_assignment_1'), 409, 'duplicate_group_role_assignment'],
  [new ResourceHasDependents(resource, { ...nothing, children: 2 }), 409, 'resource_has_dependents'],
  [new RoleInUse('org-x', { ...nobody, assignments: 1, mappings: 1 }), 409, 'role_has_assignments'],
  [new RoleInUse('org-x', { ...nobody, mappings: 1 }), 409, 'role_has_group_role_mappings'],
  [new HeldThroughGroup('editor', 'group_1' as GroupId), 409, 'role_held_through_group'],
  [new ParentCycle(resource, resource), 409, 'parent_cycle'],
  [new ParentTypeNotAllowed('app', 'app', ['project']), 422, 'invalid_request_parameters'],
  [new RootResourceFixed(organization), 422, 'invalid_request_parameters'],
  [new RoleTypeMismatch('editor', 'project', 'app'), 422, 'invalid_role'],
  [new RoleTypeMismatch('editor', 'project', 'organization'), 422, 'sub_resource_scoped_role_not_allowed'],
  [new MultipleRolesNotEnabled(2), 422, 'multiple_roles_not_enabled'],
  [new NoOrganizationRoles(organization), 409, 'no_organization_roles'],
  [new RoleUnknown('editr', 'editor'), 422, 'invalid_role'],
  [new ResourceTypeUnknown('projct', undefined), 422, 'invalid_request_parameters'],
  [new PermissionUnknown('project:edt', 'project:edit'), 422, 'invalid_request_parameters'],
  [new ModelInvalid('project', 'is odd'), 422, 'invalid_request_parameters'],
  [new ModelChangeRefused([blocker]), 409, 'resource_in_use'],
  [new ConsistencyTokenInvalid('consistency_token_foreign', 'of another store'), 400, 'bad_request'],
  [new ConsistencyUnreachable('org_1', 3, 2), 503, 'service_unavailable'],
  [new DecisionTimeout(250), 503, 'service_unavailable'],
  [new StoreUnavailable('the disk is full'), 503, 'service_unavailable'],
  [new WriteContended('org_1', 5), 503, 'service_unavailable'],
  [new RequestRefused('request_malformed', 'no JSON'), 400, 'bad_request'],
  [new RequestRefused('media_type_unsupported', 'not text'), 415, 'unsupported_media_type'],
  [new RequestRefused('body_too_large', 'over 1 MiB'), 413, 'payload_too_large'],
  [new RequestRefused('method_not_allowed', 'POST'), 405, 'method_not_allowed'],
  [new RequestRefused('route_unknown', 'no such route'), 404, 'not_found'],
  [new RequestRefused('idempotency_key_reused', 'another body'), 422, 'idempotency_key_reused'],
  [new FirstUnanswered('idempotency_key_in_use'), 409, 'idempotency_key_in_use'],
  [new FirstUnanswered('idempotency_outcome_unknown'), 409, 'idempotency_outcome_unknown'],
  [
    new RequestInvalid([{ field: 'name', code: 'name_required', message: 'is required' }]),
    422,
    'invalid_request_parameters',
  ],
  [
    new FilterMissing(['organization_id', 'resource_type_slug']),
    400,
    'missing_organization_id_or_resource_type_slug',
  ],
  [new ApiKeyRefused('api_key_invalid', 'not valid'), 401, 'unauthorized'],
  [new ApiKeyScopeMissing('write'), 403, 'forbidden'],
  [new ApiKeyNotFound('key_1'), 404, 'not_found'],
  [new WebhookEndpointNotFound('we_1'), 404, 'not_found'],
  [new ApiKeyEnded('key_1'), 409, 'api_key_ended'],
  [new TryLater('rate_limited', 3), 429, 'rate_limit_exceeded'],
  [new TryLater('overloaded', 1), 503, 'service_unavailable'],
]

describe('an error over the wire', () => {
  test.each(table)('%s is %i `%s`', (error, status, code) => {
    const { body, ...answer } = renderError(error, 'req_1')
    expect(answer.status).toBe(status)
    expect(body).toMatchObject({ code, reason: error.code, message: error.message, request_id: 'req_1' })
  })

  test.each(table)('%s is the same error on the other side', (error) => {
    const { status, body } = renderError(error)
    const made = parseError(status, JSON.parse(JSON.stringify(body)))
    expect(made).toBeInstanceOf(error.constructor)
    expect(made.message).toBe(error.message)
    expect({ ...made }).toEqual({ ...error })
  })

  test('names its fields as the wire does', () => {
    const { body } = renderError(new InputInvalid('parentExternalId', 'must be short', 'x'))
    expect(body.errors).toEqual([
      { field: 'parent_external_id', code: 'parent_external_id_invalid', message: 'must be short' },
    ])
  })

  test('asks to come back later where that helps', () => {
    expect(renderError(new TryLater('rate_limited', 3)).headers).toEqual({ 'retry-after': '3' })
    expect(renderError(new StoreUnavailable('closed')).headers).toEqual({ 'retry-after': '1' })
    expect(renderError(new CursorInvalid()).headers).toEqual({})
  })

  test.each([
    ['a bug', new TypeError('cannot read properties of /var/lib/authz.db')],
    ['a thing that is no error', 'postgres://user:secret@host'],
    ['the set-up of the operator', new Misconfigured('set `AUTHZ_SECRET`')],
    ['a store that is not ours', new StoreUnusable('store_foreign', '/var/lib/other.db is not ours')],
  ])('tells nothing of %s', (_, error) => {
    expect(renderError(error)).toEqual({
      status: 500,
      headers: {},
      body: { message: 'Internal server error', code: 'internal_server_error', reason: 'internal_error' },
    })
  })
})

describe('an answer that is not ours', () => {
  test.each([
    [400, { message: 'no', code: 'bad_request' }, 'service_invalid', 'invalid'],
    [401, { message: 'Unauthorized' }, 'service_unauthenticated', 'misconfigured'],
    [403, { message: 'no' }, 'service_denied', 'misconfigured'],
    [404, { message: 'Organization not found' }, 'service_not_found', 'not_found'],
    [409, { message: 'taken', code: 'role_slug_conflict' }, 'service_conflict', 'conflict'],
    [429, { message: 'slow down' }, 'service_unavailable', 'unavailable'],
    [500, '<html>', 'service_unavailable', 'unavailable'],
    [502, undefined, 'service_unavailable', 'unavailable'],
    [404, { message: 'no', reason: 'from_the_future' }, 'service_not_found', 'not_found'],
    [409, { message: 'no', reason: 'constructor' }, 'service_conflict', 'conflict'],
    [409, { message: 'no', reason: 'parent_cycle', details: { parent: 1 } }, 'service_conflict', 'conflict'],
  ])('%i %j is `%s`', (status, body, code, kind) => {
    expect(parseError(status, body)).toMatchObject({ name: 'ServiceError', code, kind, status })
  })
})
