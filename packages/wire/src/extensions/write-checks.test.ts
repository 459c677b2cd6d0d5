import { isDeepStrictEqual } from 'node:util'
import type { CheckQuestion } from '@bailiwick/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spellOut } from './check-rows.js'
import { renderCheckQuestion } from './questions.js'
import { isSameCheck, takeDown, writeChecks } from './write-checks.js'

const short = fc.constantFrom(
  '',
  '"',
  '{',
  '}',
  ':',
  'a',
  '\n',
  'ü',
  '\ud800',
  'permission_slug',
  undefined,
  0,
)
const parts = fc.record({ organization: short, membership: short, permission: short, type: short, id: short })
const questions = parts.map(asQuestion)
// Of those made up one by one nearly all differ in most.
const oneApart = fc
  .tuple(parts, fc.constantFrom('organization', 'membership', 'permission', 'type', 'id'), short)
  .map(([one, part, value]) => [asQuestion(one), asQuestion({ ...one, [part]: value })] as const)

test('two checks are the same where a server is sent the same', () => {
  const pairs = fc.oneof(
    fc.tuple(questions, questions),
    questions.map((one) => [one, structuredClone(one)] as const),
    oneApart,
  )
  fc.assert(
    fc.property(pairs, ([one, other]) => {
      const [first, second] = [takeDown(one), takeDown(other)]
      expect(isSameCheck(first, second)).toBe(isDeepStrictEqual(asSent(one), asSent(other)))
    }),
    { numRuns: 1_000 },
  )
})

test('what is sent is what was asked, whatever it is, in its place', () => {
  fc.assert(
    fc.property(fc.array(questions, { minLength: 1, maxLength: 4 }), (asked) => {
      const { checks } = JSON.parse(writeChecks(asked.map(takeDown))) as { readonly checks: unknown[] }
      expect(spellOut(checks)).toEqual(asked.map(asSent))
    }),
    { numRuns: 1_000 },
  )
})

test('a check is asked as it was when it was taken down', () => {
  const question = asQuestion({ organization: 'o', membership: 'm', permission: 'view', type: 't', id: 'i' })
  const check = takeDown(question)
  Object.assign(question, { permission: 'edit' })
  expect(writeChecks([check])).toContain('"view"')
})

/** What a server makes of a question. */
function asSent(question: CheckQuestion): unknown {
  return JSON.parse(JSON.stringify(renderCheckQuestion(question)))
}

// Who writes no TypeScript may pass anything.
function asQuestion(
  parts: Readonly<Record<'organization' | 'membership' | 'permission' | 'type' | 'id', unknown>>,
) {
  return {
    organizationId: parts.organization,
    subject: { membershipId: parts.membership },
    permission: parts.permission,
    resource: { type: parts.type, externalId: parts.id },
  } as unknown as CheckQuestion
}
