import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { RequestInvalid } from './api-errors.js'
import { parseFields } from './parse-request.js'

const schema = z.object({
  name: z.string().min(2).max(4),
  order: z.enum(['asc', 'desc']).optional(),
  checks: z
    .array(z.object({ slug: z.string() }))
    .min(1)
    .max(2)
    .optional(),
  deep: z.boolean().optional(),
  size: z.number().max(9).optional(),
  slug: z.string().regex(/^a/, 'must begin with `a`').optional(),
  labels: z.record(z.string(), z.string()).optional(),
})

function problemOf(fields: unknown): readonly [string, string] {
  try {
    parseFields(schema, fields)
  } catch (error) {
    const { message, problems } = error as RequestInvalid
    return [problems.map(({ code }) => code).join(), message]
  }
  return ['', '']
}

describe('a field at fault is named, with what it must be', () => {
  test.each([
    [{ name: 'abc' }, '', ''],
    [{}, 'name_required', '`name` is required'],
    [{ name: 5 }, 'name_invalid', '`name` must be a string'],
    [{ name: null }, 'name_invalid', '`name` must be a string'],
    [{ name: 'a' }, 'name_too_short', '`name` must have at least 2 characters'],
    [{ name: 'abcde' }, 'name_too_long', '`name` must have at most 4 characters'],
    [{ name: 'abc', order: 'up' }, 'order_invalid', '`order` must be `asc` or `desc`'],
    [{ name: 'abc', checks: [] }, 'checks_too_short', '`checks` must not be empty'],
    [{ name: 'abc', checks: [{}] }, 'slug_required', '`checks.0.slug` is required'],
    [{ name: 'abc', checks: {} }, 'checks_invalid', '`checks` must be an array'],
    [{ name: 'abc', deep: 'yes' }, 'deep_invalid', '`deep` must be `true` or `false`'],
    [{ name: 'abc', size: 10 }, 'size_too_large', '`size` must be at most 9'],
    [{ name: 'abc', slug: 'b' }, 'slug_invalid', '`slug` must begin with `a`'],
    [{ name: 'abc', labels: [] }, 'labels_invalid', '`labels` must be an object'],
    [[], 'body_invalid', '`body` must be an object'],
  ])('%j: %s', (fields, code, message) => {
    expect(problemOf(fields)).toEqual([code, message])
  })

  test('each of several, and none with what was sent', () => {
    expect(problemOf({ name: 'secret', order: 'secret' })).toEqual([
      'name_too_long,order_invalid',
      '`name` must have at most 4 characters; `order` must be `asc` or `desc`',
    ])
  })
})
