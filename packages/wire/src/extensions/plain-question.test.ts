import type { CheckQuestion } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkQuestions } from './arbitraries.fixture.js'
import { batchedCheck } from './checks.js'
import { readPlainQuestion } from './plain-question.js'
import { parseCheckQuestion, renderCheckQuestion } from './questions.js'

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
