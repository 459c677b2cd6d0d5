import { describe, expect, test } from 'vitest'
import { noHash } from '../chain/link-hash.js'
import { bytesOf, decodeFrames, encodeFrame, mostBytesOf, nextFrame, sectorBytes } from './ahead-frames.js'
import { flipped } from './fixtures/flipped.js'
import { followingRow, type WrittenRow } from './log-rows.js'

const short = followingRow({ position: 0, hash: noHash }, 1, '[{"name":"ünï🦊"}]')
const long = followingRow({ position: 1, hash: short[4] }, 3, JSON.stringify(['x'.repeat(2_000)]))
const last = followingRow({ position: 4, hash: long[4] }, 1, '[]')

/** These rows as frames, one behind the other, and zeros. */
function framesOf(...rows: readonly WrittenRow[]): Buffer {
  const bytes = Buffer.alloc(8_192)
  let at = 0
  for (const row of rows) at = nextFrame(at + encodeFrame(bytes.subarray(at), row))
  return bytes
}

describe('a frame', () => {
  test('holds a row as it was written, and says how long it is', () => {
    const bytes = Buffer.alloc(8_192)
    for (const row of [short, long, last]) {
      const length = encodeFrame(bytes, row)
      expect(length).toBe(bytesOf(row[2]))
      expect(length).toBeLessThanOrEqual(mostBytesOf(row[2]))
      expect(decodeFrames(bytes.subarray(0, length))).toEqual([row])
      expect(decodeFrames(bytes.subarray(0, length - 1))).toEqual([])
    }
  })

  test('begins where a sector does, behind any other', () => {
    expect(decodeFrames(framesOf(short, long, last))).toEqual([short, long, last])
    expect([0, 1, 512, 513].map(nextFrame)).toEqual([0, 512, 512, 1_024])
  })

  test('is not read with a bit that is another, and those behind it are', () => {
    const whole = framesOf(short, long, last)
    const end = nextFrame(bytesOf(short[2])) + bytesOf(long[2])
    for (let at = sectorBytes; at < end; at++) {
      const inFrame = at - sectorBytes
      const rows = decodeFrames(flipped(whole, at))
      // Two gaps mean nothing, and the hash is for whoever compares it with the row before.
      if (isGap(inFrame)) expect(rows).toEqual([short, long, last])
      else if (inFrame >= 28 && inFrame < 92)
        expect(rows).toEqual([short, [...long.slice(0, 4), expect.any(String)], last])
      else expect(rows, `byte ${inFrame}`).toEqual([short, last])
    }
  })

  test('is not read where a sector of it never came to the disk', () => {
    const whole = framesOf(short, long, last)
    const sectors = Math.ceil(bytesOf(long[2]) / sectorBytes)
    expect(sectors).toBeGreaterThan(3)
    for (let sector = 1; sector <= sectors; sector++) {
      const torn = Buffer.from(whole).fill(0, sector * sectorBytes, (sector + 1) * sectorBytes)
      expect(decodeFrames(torn)).toEqual([short, last])
    }
  })

  test('is not seen in what a row says: no text begins as a frame does', () => {
    const frame = framesOf(last).subarray(0, bytesOf(last[2]))
    const aligned = ' '.repeat(sectorBytes - 92) + frame.toString('latin1')
    const row = followingRow({ position: 0, hash: noHash }, 1, aligned)
    const torn = framesOf(row).fill(0, 0, sectorBytes)
    expect(decodeFrames(torn)).toEqual([])
  })
})

function isGap(inFrame: number): boolean {
  return [14, 15, 22, 23].includes(inFrame)
}
