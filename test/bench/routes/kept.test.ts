import { describe, expect, test } from 'vitest'
import type { Taken } from './block.js'
import { keptOf } from './kept.js'

describe('what a guarded route keeps', () => {
  /** One block: what a bare request takes here, and how many times that a guarded one does. */
  const block = (bareUs: number, times: number): readonly Taken[] =>
    [
      { way: 'bare', cpuUs: bareUs },
      { way: 'guarded', cpuUs: bareUs * times },
    ].map((each) => ({ ...each, path: '/a', perSecond: 1e6 / each.cpuUs }))
  const shareOf = (blocks: readonly (readonly Taken[])[]) =>
    keptOf(blocks, '/a', 'bare').find(({ name }) => name === 'guarded')?.share

  test('is all of it where both take the same, and 0.8 of it where it takes a quarter more', () => {
    expect(shareOf([block(80, 1), block(80, 1)])).toBe(1)
    expect(shareOf([block(80, 1.25), block(80, 1.25)])).toBe(0.8)
  })

  test('is the same in a block during which the whole machine was slower', () => {
    expect(shareOf([block(80, 1.25), block(160, 1.25)])).toBe(0.8)
  })

  test('is not moved by one process in four that went astray, and is by two', () => {
    const [plain, astray] = [block(80, 1.25), block(80, 5)]
    expect(shareOf([plain, plain, plain, astray])).toBe(0.8)
    expect(shareOf([plain, plain, astray, astray])).toBeLessThan(0.8)
  })

  test('is said of one path alone', () => {
    const elsewhere = block(80, 2).map((each) => ({ ...each, path: '/b' }))
    expect(shareOf([[...block(80, 1.25), ...elsewhere]])).toBe(0.8)
  })
})
