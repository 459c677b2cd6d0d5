import { describe, expect, test } from 'vitest'
import { VerifiedTokens } from './verified-tokens.js'
import type { VerifiedToken } from './verify-token.js'

/** They differ in front; the last four characters, by which they are found, are the same for all. */
const tokens = ['one', 'two', 'three'].map((name) => `${name}.${'x'.repeat(40)}.${name}-tail`)
const [one, two, three] = tokens as [string, string, string]
const verifiedAs = (verifiedAtMs: number) => ({ verifiedAtMs }) as VerifiedToken

/** By themselves, and by the header that brings them. */
const ways = (verified: VerifiedTokens) => [
  (token: string) => verified.get(token),
  (token: string) => verified.broughtBy(`Bearer ${token}`),
]

describe('tokens that have been verified', () => {
  test('are found as a whole, also where they end alike', () => {
    const verified = new VerifiedTokens(10)
    verified.set(one, verifiedAs(1))
    verified.set(two, verifiedAs(2))
    for (let round = 0; round < 3; round++) {
      for (const find of ways(verified)) {
        expect(find(one)?.verifiedAtMs).toBe(1)
        expect(find(two)?.verifiedAtMs).toBe(2)
        expect(find(three)).toBeUndefined()
        expect(find(`another${one}`)).toBeUndefined()
      }
    }
    expect(verified.get(undefined)).toBeUndefined()
  })

  test('are found by a header of the one form in which tokens nearly always come', () => {
    const verified = new VerifiedTokens(10)
    verified.set(one, verifiedAs(1))
    for (let round = 0; round < 3; round++) {
      expect(verified.broughtBy(`Bearer ${one}`)?.verifiedAtMs).toBe(1)
      for (const other of [one, `bearer ${one}`, `Bearer  ${one}`, `Basic ${one}`, `Bearer ${one} `, ''])
        expect(verified.broughtBy(other)).toBeUndefined()
    }
  })

  test('are gone once deleted, however lately they were asked for', () => {
    const verified = new VerifiedTokens(10)
    for (const token of [one, two]) verified.set(token, verifiedAs(1))
    for (const token of [one, one, two, two])
      for (const find of ways(verified)) expect(find(token)).toBeDefined()
    verified.delete(one)
    verified.delete(two)
    for (const find of ways(verified)) expect([find(one), find(two)]).toEqual([undefined, undefined])
  })

  test('are what was verified last', () => {
    const verified = new VerifiedTokens(10)
    verified.set(one, verifiedAs(1))
    for (const find of ways(verified)) find(one)
    verified.set(one, verifiedAs(2))
    for (const find of ways(verified)) expect(find(one)?.verifiedAtMs).toBe(2)
  })

  test.each([0, 1])('make room for others: the one that nobody has asked for lately goes', (way) => {
    const verified = new VerifiedTokens(2)
    const [often, seldom, late] = ['often', 'seldom', 'late'].map((name) => name.repeat(12)) as [
      string,
      string,
      string,
    ]
    verified.set(often, verifiedAs(1))
    verified.set(seldom, verifiedAs(2))
    for (const token of [often, seldom, often]) ways(verified)[way]?.(token)
    verified.set(late, verifiedAs(3))
    expect([often, seldom, late].map((token) => verified.get(token)?.verifiedAtMs)).toEqual([1, undefined, 3])
  })
})
