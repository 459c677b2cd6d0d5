import type { CheckQuestion, ResourceRef, SubjectRef } from '@bailiwick/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkKey, exclusionKey, resourceKeyIn } from './question-key.js'

/** Names that look like the beginning of something else. */
const name = fc.oneof(
  fc.string({ maxLength: 4 }),
  fc.stringMatching(/^[0-9:cheumgaix-]{0,6}$/),
  fc.constantFrom('', '1:a', 'm1:a', '1:am1:b', '-', '0:', '2:x1:'),
)

const resource = fc.oneof(
  fc.record({ resourceId: name }),
  fc.record({ type: name, externalId: name }),
) as fc.Arbitrary<ResourceRef>

const subject = fc.oneof(
  fc.record({ membershipId: name }),
  fc.record({ userId: name }),
  fc.record({ groupId: name }),
  fc.record({ agent: resource }),
) as fc.Arbitrary<SubjectRef>

const question = fc.record(
  {
    organizationId: name,
    permission: name,
    subject,
    resource,
    onBehalfOf: fc.array(subject, { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: ['organizationId', 'permission', 'subject'] },
) as unknown as fc.Arbitrary<CheckQuestion>

const asked = fc.oneof(
  question.map((one) => ({ asked: one as unknown, key: checkKey(one) })),
  fc.tuple(name, resource).map(([id, ref]) => ({ asked: [id, ref], key: resourceKeyIn(id as never, ref) })),
  fc
    .tuple(name, name)
    .map(([id, permission]) => ({ asked: [id, permission], key: exclusionKey(id as never, permission) })),
)

test('two questions share a key only if they are the same, whatever users call their things', () => {
  const keys = new Map<string, string>()
  fc.assert(
    fc.property(asked, ({ asked: one, key }) => {
      const text = JSON.stringify(one)
      expect(keys.get(key) ?? text).toBe(text)
      keys.set(key, text)
    }),
    { numRuns: 20_000 },
  )
  expect(keys.size).toBeGreaterThan(5_000)
})

test('the same question, made anew, has the same key', () => {
  fc.assert(fc.property(question, (one) => checkKey(one) === checkKey(structuredClone(one))))
})

test.each([5, ['a'], null, undefined])('a name that is no string is refused: %j', (externalId) => {
  const resource = { type: 'project', externalId } as never
  expect(() => resourceKeyIn('org_acme' as never, resource)).toThrow(
    expect.objectContaining({ code: 'input_invalid' }),
  )
})
