import { readFileSync } from 'node:fs'
import { problemOf } from '@bailiwick/client'
import { describe, expect, test } from 'vitest'
import { type ErrorCode, errorKinds } from './error-kinds.js'

const rows = [
  ...readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8').matchAll(
    /^\| `(?<code>\w+)` \| (?<when>[^|]+) \| (?<status>\d+) \| (?<remedy>[^|]+) \|$/gm,
  ),
].map((match) => match.groups as Record<'code' | 'when' | 'status' | 'remedy', string>)

describe('docs/errors.md', () => {
  test('has one row for every code that is thrown, and none for any other', () => {
    expect(rows.map(({ code }) => code).sort()).toEqual(Object.keys(errorKinds).sort())
  })

  test.each(rows)('$code: the status is the one that a guard answers', ({ code, status }) => {
    expect(statusOf(code as ErrorCode)).toBe(Number(status))
  })

  test.each(rows)('$code: says when it happens and what to do', ({ when, remedy }) => {
    expect(when).toMatch(/^[A-Z].*\.$/)
    expect(remedy).toMatch(/^[A-Z`].*\.$/)
  })
})

/** What the guards make of such an error; what they leave to the framework is a 500. */
function statusOf(code: ErrorCode): number {
  const error = { code, kind: errorKinds[code], message: '', permission: '', [brand]: true }
  return problemOf(error)?.status ?? 500
}

/** By which `isAuthorizationError` knows an error of any copy of the package. */
const brand = Symbol.for('bailiwick/error')
