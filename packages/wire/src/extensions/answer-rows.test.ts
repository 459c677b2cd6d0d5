import { type Decision, InputInvalid, PermissionUnknown } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decisions } from './arbitraries.fixture.js'
import {
  type CheckOutcome,
  checksAnswer,
  parseCheckDecisions,
  renderCheckOutcomes,
  writeAnswerRows,
} from './checks.js'
import { decision as decisionSchema, renderDecision } from './decisions.js'
import { spoil, spoiling } from './spoiling.fixture.js'

const decided = (decision: Decision): CheckOutcome => ({ kind: 'decided', decision })

/** The decisions that are told in rows. */
const plainDecisions = decisions.map((any): Decision => {
  if (any.kind === 'deny') return { kind: 'deny', reason: any.reason, nearestMisses: any.nearestMisses }
  const grant = any.grants.find(({ from }) => /^(membership|assignment|group)$/.test(from))
  return grant === undefined ? any : { kind: 'allow', grants: [grant] }
})
const several = fc.array(fc.oneof({ arbitrary: plainDecisions, weight: 3 }, decisions), {
  minLength: 1,
  maxLength: 5,
})

const read = (text: string, length: number) => parseCheckDecisions(JSON.parse(text), { length })

test('answers in rows say what those in objects say, and those that are no rows stand among them', () => {
  const failures: readonly CheckOutcome[] = [
    { kind: 'failed', error: new PermissionUnknown('project:edti', 'project:edit') },
    { kind: 'failed', error: new InputInvalid('subject', 'must be one', 2) },
  ]
  let told = 0
  fc.assert(
    fc.property(several, fc.subarray([...failures]), (some, failed) => {
      const outcomes = [...some.map(decided), ...failed]
      const text = writeAnswerRows(outcomes)
      const asObjects = JSON.stringify(renderCheckOutcomes(outcomes))
      const answer = JSON.parse(text) as { data: unknown[] }
      checksAnswer.parse(answer)
      told += answer.data.filter(Array.isArray).length
      expect(read(text, outcomes.length)).toEqual(read(asObjects, outcomes.length))
    }),
    { numRuns: 150 },
  )
  expect(told).toBeGreaterThan(100)
})

test('whatever came instead is refused, or is a decision by the schema', () => {
  let [refused, sound] = [0, 0]
  fc.assert(
    fc.property(several, spoiling, (some, spoiling) => {
      let outcomes: ReturnType<typeof read>
      try {
        outcomes = read(spoil(writeAnswerRows(some.map(decided)), spoiling), some.length)
      } catch {
        refused++
        return
      }
      sound++
      expect(outcomes).toHaveLength(some.length)
      for (const outcome of outcomes)
        if (!(outcome instanceof Error))
          decisionSchema.parse(JSON.parse(JSON.stringify(renderDecision(outcome))))
    }),
    // One in twenty is sound all the same.
    { numRuns: 1_500 },
  )
  expect(Math.min(refused, sound)).toBeGreaterThan(10)
})

describe('a row', () => {
  const on = { id: 'authz_resource_1', type: 'project', externalId: 'web' }
  const allow = { kind: 'allow', grants: [{ from: 'membership', role: 'viewer', on }] } as unknown as Decision
  const text = writeAnswerRows([decided(allow), decided(allow)])

  /** What the second row says, replaced. */
  const instead = (said: string) => text.replace('true,0,0', said)

  test('names a resource once, and then by its number, and roles and types likewise', () => {
    const elsewhere = { id: 'authz_resource_2', type: 'project', externalId: 'api' }
    const miss = { kind: 'deny', reason: 'no_grant', nearestMisses: [{ role: 'editor', on: elsewhere }] }
    const all = [allow, allow, miss as unknown as Decision]
    expect(writeAnswerRows(all.map(decided))).toBe(
      '{"object":"list","data":[[0,true,"viewer",["authz_resource_1","web","project"]],[1,true,0,0],' +
        '[2,false,"no_grant","editor",["authz_resource_2","api",1]]]}',
    )
    expect(read(writeAnswerRows(all.map(decided)), 3)).toStrictEqual(all)
  })

  test('may say each role and type again, as servers did before', () => {
    expect(read(instead('true,"viewer",0'), 2)).toStrictEqual([allow, allow])
  })

  test.each([
    ['one is missing', text, 3],
    ['one is left over', text, 1],
    ['their order is another', text.replace('[0,', '[1,').replace('],[1,', '],[0,'), 2],
    ['one comes twice', text.replace('[1,', '[0,'), 2],
    ['one is an empty row', text.replace(/\[1,.*?\]/, '[]'), 2],
    ['a yes names no grant', instead('true'), 2],
    ['a yes names a role, and not where it is held', instead('true,0'), 2],
    ['a yes is text', text.replace('true', '"true"'), 2],
    ['a yes is a number', text.replace('true', '1'), 2],
    ['a no is text', text.replace('true', '"false"'), 2],
    ['a yes is told as a no is', instead('true,"no_grant"'), 2],
    ['a reason is unknown', instead('false,"mood"'), 2],
    ['a role that would do is nowhere', instead('false,"no_grant",0'), 2],
    ['a role was not told before', instead('true,2,0'), 2],
    ['a role has a number below zero', instead('true,-1,0'), 2],
    ['a role has a number between two', instead('true,0.5,0'), 2],
    ['a type was not told before', text.replace('"project"', '2'), 2],
    ['a type is told later', text.replace('"project"', '1'), 2],
    ['a resource was not told before', instead('true,0,1'), 2],
    ['a resource has a number below zero', instead('true,0,-1'), 2],
    ['a resource has the name of what numbers inherit', instead('true,0,"at"'), 2],
    ['an assignment is none', instead('true,0,0,"group_1"'), 2],
    ['a group is none', instead('true,0,0,"gra_1","om_1"'), 2],
    ['more is told than there is', instead('true,0,0,"gra_1","group_1",0'), 2],
    ['a slug is too long', text.replace('viewer', 'x'.repeat(49)), 2],
    ['an id is too long', text.replace('authz_resource_1', `authz_resource_${'1'.repeat(65)}`), 2],
    ['an external id is too long', text.replace('web', 'x'.repeat(129)), 2],
  ])('is none where %s', (_, text, count) => {
    expect(() => read(text, count)).toThrow()
  })
})
