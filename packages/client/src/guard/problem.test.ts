import {
  AccessDenied,
  type AuthorizationError,
  DecisionTimeout,
  type Deny,
  EntityExists,
  KeysUnavailable,
  Misconfigured,
  NotFound,
  PermissionUnknown,
  ResourceNotLocated,
  type SessionErrorCode,
  SessionInvalid,
} from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { problemOf } from './problem.js'

const noGrant: Deny = { kind: 'deny', reason: 'no_grant', nearestMisses: [] }
const project = { type: 'project', externalId: 'web' }

describe('a refusal over HTTP', () => {
  test.each<[AuthorizationError, number, Record<string, string>]>([
    [new SessionInvalid('session_missing', '…'), 401, { 'www-authenticate': 'Bearer' }],
    [new SessionInvalid('session_expired', '…'), 401, { 'www-authenticate': 'Bearer error="invalid_token"' }],
    [
      new SessionInvalid('session_ambiguous', '…'),
      401,
      { 'www-authenticate': 'Bearer error="invalid_request"' },
    ],
    [new AccessDenied('project:edit', project, noGrant), 403, {}],
    [new NotFound(), 404, {}],
    [new ResourceNotLocated("param('id')", 'is missing'), 400, {}],
    [new EntityExists('resource', 'web'), 409, {}],
    [new DecisionTimeout(1_000), 503, { 'retry-after': '1' }],
    [new KeysUnavailable('…', 29.5), 503, { 'retry-after': '30' }],
  ])('%s is %i', (error, status, headers) => {
    const problem = problemOf(error)
    expect(problem).toMatchObject({ status, body: { status, code: error.code } })
    expect(problem?.headers).toEqual({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...headers,
    })
    expect(problem?.body.type).toBe(`urn:bailiwick:problem:${error.code}`)
    expect(problem?.body.title).not.toBe('')
  })

  test('every code of a bad token is answered with invalid_token', () => {
    const codes: SessionErrorCode[] = ['session_malformed', 'session_untrusted', 'session_agent_refused']
    for (const code of codes) {
      expect(problemOf(new SessionInvalid(code, '…'))?.headers['www-authenticate']).toContain('invalid_token')
    }
  })

  test('a denial names the permission and the resource, and not why: that would tell what exists', () => {
    const unknown = problemOf(
      new AccessDenied('project:edit', project, { ...noGrant, reason: 'resource_unknown' }),
    )
    const forbidden = problemOf(new AccessDenied('project:edit', project, noGrant))
    expect(unknown).toEqual(forbidden)
    expect(forbidden?.body).toEqual({
      type: 'urn:bailiwick:problem:access_denied',
      title: 'Forbidden',
      status: 403,
      detail: 'this needs `project:edit` on project `web`',
      code: 'access_denied',
      permission: 'project:edit',
      resource: project,
    })
  })

  test('a concealed denial tells nothing of what it conceals', () => {
    const denied = new AccessDenied('project:edit', project, noGrant)
    expect(problemOf(new NotFound({ cause: denied }))).toEqual(problemOf(new NotFound()))
  })

  test('more scope is asked for only when told so, and only for the whole organization', () => {
    const wide = new AccessDenied('billing:manage', undefined, noGrant)
    const narrow = new AccessDenied('project:edit', project, noGrant)
    expect(problemOf(wide)?.headers).not.toHaveProperty('www-authenticate')
    expect(problemOf(wide, { insufficientScope: true })?.headers['www-authenticate']).toBe(
      'Bearer error="insufficient_scope", scope="billing:manage"',
    )
    expect(problemOf(narrow, { insufficientScope: true })?.headers).not.toHaveProperty('www-authenticate')
  })

  test('what failed inside is not told', () => {
    expect(problemOf(new DecisionTimeout(1_000))?.body.detail).toBe('this cannot be decided now; try again')
  })

  test.each([
    ['a mistake in the set-up', new Misconfigured('…')],
    ['a permission that the model does not have', new PermissionUnknown('project:edt', undefined)],
    ['a bug', new TypeError('x is undefined')],
    ['something that only looks like ours', { kind: 'denied', code: 'access_denied', message: '…' }],
    ['nothing', undefined],
  ])('%s is left to the framework', (_, error) => {
    expect(problemOf(error)).toBeUndefined()
  })
})
