import { isDeepStrictEqual } from 'node:util'
import type { CheckQuestion, Decision } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkQuestions, decisions } from './arbitraries.fixture.js'
import { batchedCheck } from './checks.js'
import { decision, readPlain, renderDecision, toDecision } from './decisions.js'
import { readPlainQuestion } from './plain-question.js'
import { parseCheckQuestion, renderCheckQuestion } from './questions.js'
import { writeCheckQuestion } from './write-check.js'

const runs = { numRuns: 1_000 }

/** Values that a schema may or may not let pass, wherever they stand. */
const oddities = fc.constantFrom<unknown>(
  '',
  'a"b\\c',
  'ü',
  '\u0000',
  '\ud800',
  'x'.repeat(49),
  'x'.repeat(129),
  'om_1',
  'org_1',
  'project',
  'group',
  'session',
  'excluded',
  0,
  1,
  true,
  false,
  null,
  [],
  [null],
  {},
  { slug: 'viewer' },
)

/** JSON with one value, or with a key that another form has, replaced by an oddity. */
function spoilt(json: unknown, at: number, odd: unknown, keys: readonly string[]): unknown {
  const copy = JSON.parse(JSON.stringify(json)) as Record<string, unknown>
  const places = placesIn(copy)
  const { holder, key } = places[at % (places.length + keys.length)] ?? {
    holder: copy,
    key: keys[at % keys.length] as string,
  }
  holder[key] = odd
  return copy
}

interface Place {
  readonly holder: Record<string, unknown>
  readonly key: string
}

function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Record<string, unknown>
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key])])
}

/** What comes of it, or that nothing does. */
function outcomeOf<Value>(read: () => Value): Value | 'refused' {
  try {
    return read()
  } catch {
    return 'refused'
  }
}

describe('a decision that is read by hand', () => {
  const bySchema = (json: unknown): Decision | 'refused' => outcomeOf(() => toDecision(decision.parse(json)))
  const keys = ['warnings', 'delegations', 'exclusions', 'on_behalf_of', 'authorized', 'index']

  const plain = decisions.map((any): Decision => {
    if (any.kind === 'deny') return { kind: 'deny', reason: any.reason, nearestMisses: any.nearestMisses }
    const [first, ...rest] = any.grants.filter(({ from }) => /^(membership|assignment|group)$/.test(from))
    return first === undefined ? any : { kind: 'allow', grants: [first, ...rest] }
  })

  test('is what the schema makes of it, whatever came', () => {
    let [readByHand, left] = [0, 0]
    fc.assert(
      fc.property(fc.oneof(plain, decisions), fc.nat(), oddities, (told, at, odd) => {
        const sound: unknown = JSON.parse(JSON.stringify(renderDecision(told)))
        for (const json of [sound, spoilt(sound, at, odd, keys)]) {
          const read = readPlain(json)
          if (read === undefined) left++
          else {
            readByHand++
            expect(read).toStrictEqual(bySchema(json))
          }
        }
      }),
      runs,
    )
    expect(Math.min(readByHand, left)).toBeGreaterThan(200)
  })

  const on = { id: 'authz_resource_1', external_id: 'web', resource_type_slug: 'project' }
  const role = { slug: 'viewer' }

  test.each([
    ['an own role', { authorized: true, grants: [{ from: 'organization_membership', role, resource: on }] }],
    [
      'an assignment',
      {
        authorized: true,
        grants: [{ from: 'role_assignment', role_assignment_id: 'role_assignment_1', role, resource: on }],
      },
    ],
    [
      'a group',
      {
        authorized: true,
        grants: [
          {
            from: 'group',
            group_id: 'group_1',
            group_role_assignment_id: 'gra_1',
            role,
            resource: on,
          },
        ],
      },
    ],
    ['a near miss', { authorized: false, reason: 'no_grant', nearest_misses: [{ role, resource: on }] }],
  ])('is most of them: by %s', (_, json) => {
    expect(readPlain(json)).toStrictEqual(bySchema(json))
  })

  test.each([
    ['nothing', undefined],
    ['a bare yes', { authorized: true }],
    ['a yes without a grant', { authorized: true, grants: [] }],
    [
      'a yes in words',
      { authorized: 'true', grants: [{ from: 'organization_membership', role, resource: on }] },
    ],
    ['a no in words', { authorized: 'false', reason: 'no_grant', nearest_misses: [] }],
  ])('is not %s', (_, json) => {
    expect(readPlain(json)).toBeUndefined()
  })
})

describe('a question that is read by hand', () => {
  const bySchema = (json: unknown) => outcomeOf(() => parseCheckQuestion(batchedCheck.parse(json)))
  const keys = ['explain', 'on_behalf_of', 'resource_id', 'user_id', 'group_id', 'agent_resource_id', 'more']
  const plain = checkQuestions.map(
    (question): CheckQuestion => ({
      organizationId: question.organizationId,
      subject: { membershipId: 'om_1' as never },
      permission: question.permission,
      resource: { type: 'project', externalId: 'web' },
    }),
  )

  test('is what the schema makes of it, whatever came', () => {
    let [readByHand, left] = [0, 0]
    fc.assert(
      fc.property(fc.oneof(plain, checkQuestions), fc.nat(), oddities, (asked, at, odd) => {
        const sound: unknown = JSON.parse(JSON.stringify(renderCheckQuestion(asked)))
        for (const json of [sound, spoilt(sound, at, odd, keys)]) {
          const read = readPlainQuestion(json)
          if (read === undefined) left++
          else {
            readByHand++
            expect(read).toStrictEqual(bySchema(json))
          }
        }
      }),
      runs,
    )
    expect(Math.min(readByHand, left)).toBeGreaterThan(200)
  })
})

test('the same question has one text and one key, and no other question has that text', () => {
  const short = fc.constantFrom('', '"', '{', '}', ':', 'a', 'permission_slug', 'ü', undefined)
  const asked = fc
    .record({ organization: short, membership: short, permission: short, type: short, id: short })
    .map(asQuestion)
  const pairs = fc.oneof(
    fc.tuple(asked, asked),
    asked.map((one) => [one, structuredClone(one)] as const),
  )
  fc.assert(
    fc.property(pairs, ([one, other]) => {
      const [first, second] = [writeCheckQuestion(one), writeCheckQuestion(other)]
      expect(first.json === second.json).toBe(isDeepStrictEqual(asSent(one), asSent(other)))
      if (first.json === second.json) expect(first.key).toBe(second.key)
      expect(first.key).not.toContain('\n')
    }),
    runs,
  )
  const garbled = asQuestion({
    organization: '{',
    membership: 'permission_slug',
    permission: ':',
    type: 'x',
    id: '}',
  })
  const bare = { permission: 'x', subject: { userId: undefined } } as unknown as CheckQuestion
  expect(writeCheckQuestion(garbled).json).not.toBe(writeCheckQuestion(bare).json)
})

test('a question that is written by hand is what JSON makes of it', () => {
  const strings = fc.oneof(fc.string({ maxLength: 8 }), oddities)
  const written = fc.record({
    organization: strings,
    membership: strings,
    permission: strings,
    type: strings,
    id: strings,
  })
  fc.assert(
    fc.property(fc.oneof(checkQuestions, written.map(asQuestion)), (question) => {
      expect(writeCheckQuestion(question).json).toBe(JSON.stringify(renderCheckQuestion(question)))
    }),
  )
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
