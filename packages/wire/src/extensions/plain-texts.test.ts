import type { AuthorizationError, CheckQuestion, Decision, Grant, NearestMiss } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkQuestions, decisions } from './arbitraries.fixture.js'
import {
  batchedCheck,
  type CheckOutcome,
  checksBody,
  parseCheckDecisions,
  renderCheckOutcomes,
} from './checks.js'
import { readPlainText } from './decisions.js'
import { readPlainChecks } from './plain-checks.js'
import { parseCheckQuestion, renderCheckQuestion } from './questions.js'
import { spoil, spoiling } from './spoiling.fixture.js'
import { writeCheckOutcomes, writeDecisions } from './write-outcomes.js'

const runs = { numRuns: 1_000 }

const decided = (decision: Decision): CheckOutcome => ({ kind: 'decided', decision })

/** The decisions that are told in a plain form, unless a text in them is odd. */
const plainDecisions = decisions.map((any): Decision => {
  if (any.kind === 'deny') return { kind: 'deny', reason: any.reason, nearestMisses: any.nearestMisses }
  const grant = any.grants.find(({ from }) => /^(membership|assignment|group)$/.test(from))
  return grant === undefined ? any : { kind: 'allow', grants: [grant] }
})

const plainQuestions = checkQuestions.map(
  (question): CheckQuestion => ({
    organizationId: question.organizationId,
    subject: { membershipId: 'om_1' as never },
    permission: question.permission,
    resource: { type: 'project', externalId: 'web' },
  }),
)

/** What comes of it, or that nothing does. */
function outcomeOf<Value>(read: () => Value): Value | 'refused' {
  try {
    return read()
  } catch {
    return 'refused'
  }
}

describe('answers that are read out of their text', () => {
  const bySchema = (text: string, count: number): readonly (Decision | AuthorizationError)[] | 'refused' =>
    outcomeOf(() => parseCheckDecisions(JSON.parse(text), { length: count }))

  test('are what the schema makes of them, whatever came', () => {
    let [readByHand, left] = [0, 0]
    const many = fc.array(fc.oneof({ arbitrary: plainDecisions, weight: 9 }, decisions), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(many, spoiling, fc.integer({ min: -1, max: 1 }), (told, spoiling, more) => {
        const sound = JSON.stringify(renderCheckOutcomes(told.map(decided)))
        const cases = [
          [sound, told.length],
          [sound, told.length + more],
          [spoil(sound, spoiling), told.length],
        ] as const
        for (const [text, count] of cases) {
          const read = readPlainText(text, count)
          if (read === undefined) left++
          else {
            readByHand++
            expect(read).toStrictEqual(bySchema(text, count))
          }
        }
      }),
      runs,
    )
    expect(Math.min(readByHand, left)).toBeGreaterThan(200)
  })

  const on = { id: 'authz_resource_1', type: 'project', externalId: 'web' } as const
  const allow = { kind: 'allow', grants: [{ from: 'membership', role: 'viewer', on }] } as unknown as Decision
  const text = writeCheckOutcomes([decided(allow), decided(allow)])

  test('are all of them, in their order', () => {
    expect(readPlainText(text, 2)).toStrictEqual([allow, allow])
  })

  test.each([
    ['one is missing', text, 3],
    ['one is left over', text, 1],
    [
      'their order is another',
      text.replace('"index":0', '"index":1').replace('"index":1},', '"index":0},'),
      2,
    ],
    ['one comes twice', text.replace('"index":1', '"index":0'), 2],
    ['a yes names no grant', text.replace(/"grants":\[[^\]]*\]/, '"grants":[]'), 2],
    ['a yes is text', text.replace('true', '"true"'), 2],
    ['a yes is said and taken back', text.replace('true', 'true,"authorized":false'), 2],
    ['a slug is too long', text.replace('viewer', 'x'.repeat(49)), 2],
    ['an id is too long', text.replace('authz_resource_1', `authz_resource_${'1'.repeat(65)}`), 2],
    ['an external id is too long', text.replace('web', 'x'.repeat(129)), 2],
    ['something stands behind them', `${text} `, 2],
  ])('are not read so where %s', (_, text, count) => {
    expect(readPlainText(text, count)).toBeUndefined()
  })
})

describe('checks that are read out of a body', () => {
  const bySchema = (text: string) =>
    outcomeOf(() =>
      checksBody.parse(JSON.parse(text)).checks.map((json) => parseCheckQuestion(batchedCheck.parse(json))),
    )
  const written = (questions: readonly CheckQuestion[]) =>
    JSON.stringify({ checks: questions.map(renderCheckQuestion) })

  test('are what the schema makes of them, whatever came', () => {
    let [readByHand, left] = [0, 0]
    const many = fc.array(fc.oneof({ arbitrary: plainQuestions, weight: 9 }, checkQuestions), {
      minLength: 1,
      maxLength: 4,
    })
    fc.assert(
      fc.property(many, spoiling, (asked, spoiling) => {
        const sound = written(asked)
        for (const text of [sound, spoil(sound, spoiling)]) {
          const read = readPlainChecks(text)
          if (read === undefined) left++
          else {
            readByHand++
            expect(read.checks).toStrictEqual(bySchema(text))
          }
        }
      }),
      runs,
    )
    expect(Math.min(readByHand, left)).toBeGreaterThan(200)
  })

  const question = {
    organizationId: 'org_1',
    subject: { membershipId: 'om_1' },
    permission: 'project:edit',
    resource: { type: 'project', externalId: 'web' },
  } as unknown as CheckQuestion

  test('are a hundred at most', () => {
    const hundred = Array.from({ length: 100 }, () => question)
    expect(readPlainChecks(written(hundred))?.checks).toStrictEqual(hundred)
    expect(readPlainChecks(written([...hundred, question]))).toBeUndefined()
  })

  const text = written([question])

  test.each([
    ['there is none', '{"checks":[]}'],
    ['a key comes twice', text.replace('}]', ',"resource_type_slug":"app"}]')],
    ['a text is escaped', text.replace('web', 'w\\u0065b')],
    ['a text is no ASCII', Buffer.from(text.replace('web', 'wäb')).toString('latin1')],
    ['a slug is too long', text.replace('project:edit', 'x'.repeat(49))],
    ['an id is of another kind', text.replace('om_1', 'group_1')],
    ['something stands behind them', `${text},`],
    ['there is white space', text.replace(':[', ': [')],
  ])('are not read so where %s', (_, text) => {
    expect(readPlainChecks(text)).toBeUndefined()
  })
})

test('what checks came to is written as JSON would write it', () => {
  const odd = fc.constantFrom('a"b', 'a\\b', 'ü', '\u2028', '\ud800', '\n', 'plain', '')
  const spoilt = fc.tuple(plainDecisions, odd).map(([decision, text]): Decision => {
    const spoil = <Held extends Grant | NearestMiss>(held: Held): Held =>
      'on' in held ? { ...held, on: { ...held.on, externalId: text } } : held
    return decision.kind === 'allow'
      ? { ...decision, grants: [spoil(decision.grants[0])] }
      : { ...decision, nearestMisses: decision.nearestMisses.map(spoil) }
  })
  const outcomes = fc.oneof(
    fc.oneof(plainDecisions, decisions, spoilt).map(decided),
    fc.constant<CheckOutcome>({ kind: 'failed', error: new Error('broken') }),
  )
  fc.assert(
    fc.property(fc.array(outcomes, { maxLength: 4 }), (told) => {
      const json = JSON.stringify(renderCheckOutcomes(told))
      expect(writeCheckOutcomes(told)).toBe(json)
      const decisions = told.flatMap((outcome) => (outcome.kind === 'decided' ? [outcome.decision] : []))
      if (decisions.length === told.length) expect(writeDecisions(decisions)).toBe(json)
    }),
    runs,
  )
})
