import { describe, expect, test } from 'vitest'
import { allows, hintOf, newSecret } from './api-key.js'

describe('a scope', () => {
  test.each([
    ['read', 'read', true],
    ['read', 'check', false],
    ['read', 'write', false],
    ['read', 'admin', false],
    ['check', 'check', true],
    ['check', 'read', false],
    ['check', 'write', false],
    ['check', 'admin', false],
    ['write', 'read', true],
    ['write', 'check', true],
    ['write', 'write', true],
    ['write', 'admin', false],
    ['admin', 'read', true],
    ['admin', 'check', true],
    ['admin', 'write', true],
    ['admin', 'admin', true],
  ] as const)('`%s` for `%s`: %s', (scope, wanted, allowed) => {
    expect(allows([scope], wanted)).toBe(allowed)
  })

  test('no scope allows nothing, and of several any may', () => {
    expect(allows([], 'read')).toBe(false)
    expect(allows(['check', 'read'], 'read')).toBe(true)
  })
})

test('no two keys are the same, and a hint shows little of one', () => {
  const secret = newSecret()
  expect(newSecret()).not.toBe(secret)
  expect(hintOf(secret)).toHaveLength(11)
  expect(hintOf('short')).toBe('sk_…')
})
