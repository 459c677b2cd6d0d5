import { SessionInvalid } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { parseToken } from './parse-token.js'

const rules = { algorithms: new Set(['ES256']), types: new Set(['jwt']) }
const header = (json: string) => Buffer.from(json).toString('base64url')
const good = header('{"alg":"ES256","kid":"key-1","typ":"JWT"}')
const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('the shape of a token', () => {
  test('names its algorithm and its key', () => {
    expect(parseToken(`${good}.e30.AAAA`, rules)).toEqual({ algorithm: 'ES256', kid: 'key-1' })
  })

  test.each(['', 'A', 'AA', 'AAA', 'AAAA'])('has one spelling for what begins with `%s`', (start) => {
    const told = { accepted: 0, refused: 0 }
    for (const last of characters) {
      const part = `${start}${last}`
      const parse = () => parseToken(`${good}.e30.${part}`, rules)
      if (Buffer.from(part, 'base64url').toString('base64url') === part) {
        expect(parse()).toEqual({ algorithm: 'ES256', kid: 'key-1' })
        told.accepted += 1
      } else {
        expect(parse).toThrow('canonical')
        told.refused += 1
      }
    }
    const accepted = [0, 4, 16, 64][start.length % 4]
    expect(told).toEqual({ accepted, refused: 64 - (accepted as number) })
  })

  test('is refused with a header of brackets, as deep as a token may be long', () => {
    const deep = (levels: number) => header(`{"alg":${'['.repeat(levels)}${']'.repeat(levels)}}`)
    expect(() => parseToken(`${deep(6_000)}.e30.AAAA`, rules)).toThrow(SessionInvalid)
  })
})
