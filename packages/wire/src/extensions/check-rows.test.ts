import type { CheckQuestion } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkQuestions } from './arbitraries.fixture.js'
import { readCheckRows, spellOut } from './check-rows.js'
import { batchedCheck, checksBody } from './checks.js'
import { parseCheckQuestion, renderCheckQuestion } from './questions.js'
import { spoil, spoiling } from './spoiling.fixture.js'
import { takeDown, writeChecks } from './write-checks.js'

const written = (questions: readonly CheckQuestion[]) => writeChecks(questions.map(takeDown))

/** What a server makes of a body that it reads field by field; `undefined` where it refuses one of the checks. */
function readAtLength(text: string): readonly unknown[] | undefined {
  try {
    const { answers, checks } = checksBody.parse(JSON.parse(text))
    if (answers !== 'rows') return undefined
    return spellOut(checks).map((json) => parseCheckQuestion(batchedCheck.parse(json)))
  } catch {
    return undefined
  }
}

const either = (text: string) => fc.constantFrom(`${text}1`, `${text}2`) as fc.Arbitrary<never>
/** Of any two that follow each other, any field may differ. */
const rows = fc.array(
  fc.record({
    organizationId: either('org_'),
    subject: fc.record({ membershipId: either('om_') }),
    permission: either('project:edit'),
    resource: fc.record({ type: either('project'), externalId: either('web') }),
  }) as fc.Arbitrary<CheckQuestion>,
  { minLength: 1, maxLength: 4 },
)

test('a batch is read as it was written, whatever it asks', () => {
  fc.assert(
    fc.property(fc.array(checkQuestions, { minLength: 1, maxLength: 4 }), rows, (any, more) => {
      const questions = [...any, ...more]
      expect(readAtLength(written(questions))).toStrictEqual(
        questions.map((question) => parseCheckQuestion(renderCheckQuestion(question))),
      )
    }),
  )
})

describe('rows that are read out of their text', () => {
  test('are what they are spelt out, whatever came', () => {
    let [readByHand, left] = [0, 0]
    fc.assert(
      fc.property(fc.oneof(rows, fc.array(checkQuestions, { minLength: 1 })), spoiling, (asked, spoiling) => {
        const sound = written(asked)
        for (const text of [sound, spoil(sound, spoiling)]) {
          const read = readCheckRows(text)
          if (read === undefined) left++
          else {
            readByHand++
            expect(read.checks).toStrictEqual(readAtLength(text))
          }
        }
      }),
      { numRuns: 1_000 },
    )
    expect(Math.min(readByHand, left)).toBeGreaterThan(200)
  })

  const question = {
    organizationId: 'org_1',
    subject: { membershipId: 'om_1' },
    permission: 'project:edit',
    resource: { type: 'project', externalId: 'web' },
  } as unknown as CheckQuestion
  const docs: CheckQuestion = { ...question, resource: { type: 'project', externalId: 'docs' } }
  const text = written([question, docs])

  test('need not say again what the row before has', () => {
    expect(text).toBe(
      '{"answers":"rows","checks":[["org_1","om_1","project:edit","web","project"],[0,0,0,"docs",0]]}',
    )
    expect(readCheckRows(text)?.checks).toStrictEqual([question, docs])
  })

  test.each<[string, CheckQuestion]>([
    ['organization', { ...question, organizationId: 'org_2' as never }],
    ['membership', { ...question, subject: { membershipId: 'om_2' as never } }],
    ['permission', { ...question, permission: 'project:view' }],
    ['resource', docs],
    ['type', { ...question, resource: { type: 'folder', externalId: 'web' } }],
  ])('say what is another one than in the row before: the %s', (_, other) => {
    expect(readCheckRows(written([question, other, question]))?.checks).toStrictEqual([
      question,
      other,
      question,
    ])
  })

  test('are a hundred at most', () => {
    const hundred = Array.from({ length: 100 }, () => question)
    expect(readCheckRows(written(hundred))?.checks).toStrictEqual(hundred)
    expect(readCheckRows(written([...hundred, question]))).toBeUndefined()
  })

  test.each([
    ['there is none', '{"answers":"rows","checks":[]}'],
    ['the first says what the one before has', '{"answers":"rows","checks":[[0,0,0,"docs",0]]}'],
    ['answers are wanted as objects', text.replace('rows', 'objects')],
    ['one has a field too many', text.replace('"docs",0', '"docs",0,0')],
    ['one has a field too few', text.replace('"docs",0', '"docs"')],
    ['a number is no zero', text.replace('[0', '[1')],
    ['the resource is that of the row before', text.replace('"docs"', '0')],
    ['a text is escaped', text.replace('web', 'w\\u0065b')],
    ['a text is no ASCII', Buffer.from(text.replace('web', 'wäb')).toString('latin1')],
    ['a slug is too long', text.replace('project:edit', 'x'.repeat(49))],
    ['an external id is too long', text.replace('docs', 'x'.repeat(129))],
    ['an id is of another kind', text.replace('om_1', 'group_1')],
    ['something stands behind them', `${text},`],
    ['there is white space', text.replace(':[', ': [')],
  ])('are not read so where %s', (_, text) => {
    expect(readCheckRows(text)).toBeUndefined()
  })

  test.each([
    ['the first', '[[0,0,0,"docs",0],["org_1","om_1","edit","web","project"]]', [false, true]],
    [
      'one that is too short, and what leans on it',
      '[["org_1","om_1","edit","web"],[0,0,0,"docs",0]]',
      [false, false],
    ],
    ['one with a number in it', '[["org_1","om_1","edit","web","project"],[0,0,7,"docs",0]]', [true, false]],
  ])('are refused each by itself: %s', (_, checks, isCheck) => {
    const spelt = spellOut(JSON.parse(checks) as unknown[])
    expect(spelt.map((json) => batchedCheck.safeParse(json).success)).toEqual(isCheck)
  })
})
