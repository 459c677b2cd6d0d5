import {
  type CheckQuestion,
  type Decision,
  EntityNotFound,
  InputInvalid,
  type MembershipId,
  type OrganizationId,
  PermissionUnknown,
} from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { parseCheckDecisions, renderCheckOutcomes } from './checks.js'
import { renderDecision } from './decisions.js'
import { parseCheckQuestion } from './questions.js'

const question: CheckQuestion = {
  organizationId: 'org_1' as OrganizationId,
  subject: { membershipId: 'om_1' as MembershipId },
  permission: 'project:edit',
}
const denial: Decision = { kind: 'deny', reason: 'no_grant', nearestMisses: [] }
const unknown = new PermissionUnknown('project:edti', 'project:edit')
const elsewhere = new EntityNotFound('membership', 'om_2')

describe('the answers to a batch', () => {
  test('keep their order, and an error stands for one question alone', () => {
    const json: unknown = JSON.parse(
      JSON.stringify(
        renderCheckOutcomes([
          { kind: 'decided', decision: denial },
          { kind: 'failed', error: elsewhere },
          { kind: 'failed', error: unknown },
          { kind: 'decided', decision: denial },
        ]),
      ),
    )
    expect(json).toMatchObject({
      object: 'list',
      data: [
        { authorized: false },
        { error: { status: 404, code: 'not_found', reason: 'membership_not_found' } },
        { authorized: false, warnings: [{ code: 'permission_unknown' }] },
        { authorized: false },
      ],
    })
    expect(parseCheckDecisions(json, [question, question, question, question])).toEqual([
      denial,
      elsewhere,
      unknown,
      denial,
    ])
  })

  test('tell nothing of an error that is not ours', () => {
    const { data } = renderCheckOutcomes([{ kind: 'failed', error: new Error('/var/lib/authz.db') }])
    expect(data).toMatchObject([{ error: { status: 500, reason: 'internal_error' } }])
    expect(JSON.stringify(data)).not.toContain('authz.db')
  })

  const no = renderDecision(denial)

  test.each([
    ['one too few', [{ index: 0, ...no }]],
    ['one too many', [0, 1, 2].map((index) => ({ index, ...no }))],
    ['two in another order', [1, 0].map((index) => ({ index, ...no }))],
    ['one that says not which it is', [{ index: 0, ...no }, no]],
    [
      'one that is no decision',
      [
        { index: 0, ...no },
        { index: 1, authorized: 'true' },
      ],
    ],
    [
      'one that is a bare yes',
      [
        { index: 0, ...no },
        { index: 1, authorized: true },
      ],
    ],
  ])('are refused as a whole with %s', (_, data) => {
    expect(() => parseCheckDecisions({ object: 'list', data }, [question, question])).toThrow()
  })

  test('are read with each in its place', () => {
    const data = [0, 1].map((index) => ({ index, ...no }))
    expect(parseCheckDecisions({ object: 'list', data }, [question, question])).toEqual([denial, denial])
  })
})

describe('a question', () => {
  const asked = { organization_membership_id: 'om_1' as MembershipId, permission_slug: 'project:edit' }

  test('is about the whole organization when it names no resource', () => {
    expect(parseCheckQuestion(asked)).toEqual({
      subject: { membershipId: 'om_1' },
      permission: 'project:edit',
    })
  })

  test.each([
    ['no subject', { permission_slug: 'project:edit' }],
    ['two subjects', { ...asked, user_id: 'ada' }],
    ['half an agent', { permission_slug: 'project:edit', agent_resource_type_slug: 'bot' }],
    ['an external id without its type', { ...asked, resource_external_id: 'web' }],
    ['a type without an external id', { ...asked, resource_type_slug: 'project' }],
    ['a party that is nobody', { ...asked, on_behalf_of: [{}] }],
  ])('is refused with %s', (_, json) => {
    expect(() => parseCheckQuestion(json)).toThrow(InputInvalid)
  })
})
