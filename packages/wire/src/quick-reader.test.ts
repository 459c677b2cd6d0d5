import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import * as wire from './index.js'
import type { Operation } from './operation.js'
import { quickReader, unsure } from './quick-reader.js'

/** Every schema by which a part of a request is read, by the name of its operation. */
const schemas = Object.values(wire)
  .flatMap((each): readonly unknown[] => (typeof each === 'object' ? [each, ...Object.values(each)] : []))
  .filter((each): each is Operation => typeof each === 'object' && each !== null && 'schemas' in each)
  .flatMap(({ id, schemas: { params, query, body } }) =>
    Object.entries({ params, query, body }).flatMap(([part, schema]) =>
      schema === undefined ? [] : [[`${id} ${part}`, schema] as const],
    ),
  )

const text = fc.oneof(
  fc.constantFrom(
    'om_1',
    'org_1',
    'authz_resource_1',
    'group_1',
    'role_assignment_1',
    'user_1',
    'exclusion_1',
  ),
  fc.constantFrom('project:edit', 'editor', '', 'a', 'true', 'asc', 'x'.repeat(48), 'x'.repeat(49), '\u0000'),
  fc.constantFrom(
    'om_',
    'om_1\n',
    `om_${'x'.repeat(65)}`,
    'ü',
    'x'.repeat(128),
    'x'.repeat(129),
    '2030-01-01',
  ),
  fc.string(),
)

const anything: fc.Arbitrary<unknown> = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }))

/** JSON that is nearly what a schema wants. */
function near(schema: z.ZodType): fc.Arbitrary<unknown> {
  const { def } = (schema as unknown as z.core.$ZodTypes)._zod
  const likely = (wanted: fc.Arbitrary<unknown>) =>
    fc.oneof({ weight: 30, arbitrary: wanted }, { weight: 1, arbitrary: anything })
  switch (def.type) {
    case 'object': {
      const fields = Object.entries(def.shape).map(([key, field]) => [key, near(field as z.ZodType)] as const)
      const some = fc.record(Object.fromEntries(fields), {
        requiredKeys: fields.filter(([key]) => !isOptional(def.shape[key])).map(([key]) => key),
      })
      const more = fc.dictionary(fc.constantFrom('other', 'constructor', 'toString'), anything, {
        maxKeys: 2,
      })
      return likely(
        fc.oneof(
          some,
          fc.tuple(some, more).map(([one, two]) => ({ ...two, ...one })),
        ),
      )
    }
    case 'optional':
    case 'nullable':
      return fc.oneof(near(def.innerType as z.ZodType), fc.constant(null))
    case 'array':
      return likely(fc.array(near(def.element as z.ZodType), { maxLength: 4 }))
    case 'boolean':
      return likely(fc.boolean())
    default:
      return text
  }
}

function isOptional(schema: unknown): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === 'optional'
}

test.each(schemas)('%s: what it is sure of is what the schema reads', (_, schema) => {
  const read = quickReader(schema)
  if (read === undefined) return
  fc.assert(
    fc.property(near(schema), (value) => {
      const known = read(value)
      if (known === unsure) return
      expect(known).toEqual(schema.parse(value))
      // And in the same order.
      expect(JSON.stringify(known)).toBe(JSON.stringify(schema.parse(value)))
    }),
    { numRuns: 60 },
  )
})

const { params, body } = wire.check.schemas
const asked = { permission_slug: 'project:edit', resource_type_slug: 'project', resource_external_id: 'web' }

describe('a plain check', () => {
  test('is one of which it is sure', () => {
    expect(quickReader(params)?.({ organization_membership_id: 'om_1' })).toEqual({
      organization_membership_id: 'om_1',
    })
    expect(quickReader(body)?.({ ...asked, more: 1 })).toEqual(asked)
  })

  test.each([
    ['a permission missing', { permission_slug: undefined }],
    ['a permission that is no text', { permission_slug: 5 }],
    ['a permission that is too long', { permission_slug: 'x'.repeat(49) }],
    ['an external id that is empty', { resource_external_id: '' }],
    ['an external id with a control character', { resource_external_id: 'a\u0001' }],
    ['null where nothing may stand', { resource_external_id: null }],
    ['a flag in words', { explain: 'true' }],
  ])('with %s is left to the schema', (_, change) => {
    expect(quickReader(body)?.({ ...asked, ...change })).toBe(unsure)
  })
})

test.each([
  ['a refinement', z.string().refine(() => true)],
  ['a transformation', z.string().transform(Number)],
  ['a text that is trimmed', z.string().trim()],
  ['a format', z.email()],
  ['a pattern that remembers', z.string().regex(/a/g)],
  ['a coercion', z.coerce.string()],
  ['a refinement of an object', z.object({}).refine(() => true)],
  ['fields that may not be there', z.strictObject({})],
  ['a default', z.object({ size: z.string().default('') })],
  ['a name that every object has', z.object({ constructor: z.string() })],
])('%s is never read quickly', (_, schema) => {
  expect(quickReader(schema)).toBeUndefined()
})
