import { isUtf8 } from 'node:buffer'
import { RequestRefused } from '@bailiwick/wire'

const mostDepth = 32

/**
 * Parse a body as JSON, and refuse what two readers could read differently: text that is no UTF-8, a byte order
 * mark, the same key twice in one object; and what is nested deeper than any request of ours.
 *
 * @returns `undefined` for an empty body.
 * @throws {RequestRefused} `request_malformed`. The message never shows the body.
 */
export function parseStrictJson(body: Buffer): unknown {
  if (body.length === 0) return undefined
  if (!isUtf8(body)) throw malformed('is not UTF-8')
  const text = body.toString('utf8')
  const { keys, depth } = measure(text)
  if (depth > mostDepth) throw malformed(`is nested deeper than ${mostDepth} levels`)
  const value = parse(text)
  // A key that comes twice is in the text twice and in the value once.
  if (countKeys(value) !== keys) throw malformed('has the same key twice in one object')
  return value
}

function malformed(what: string): RequestRefused {
  return new RequestRefused('request_malformed', `the body ${what}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw malformed('is not JSON')
  }
}

const quote = 0x22
const backslash = 0x5c
const colon = 0x3a
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** How many keys the text has (a colon outside of a string follows each), and how deep it is nested. */
function measure(text: string): { readonly keys: number; readonly depth: number } {
  let keys = 0
  let level = 0
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const mark = text.charCodeAt(at)
    if (mark === quote) {
      at = endOfString(text, at)
    } else if (mark === colon) {
      keys++
    } else if (mark === openBrace || mark === openBracket) {
      level++
      if (level > depth) depth = level
    } else if (mark === closeBrace || mark === closeBracket) {
      level--
    }
  }
  return { keys, depth }
}

/** Where a string ends: found by leaps, because most of a body is the inside of strings. */
function endOfString(text: string, start: number): number {
  for (let at = start; ; ) {
    at = text.indexOf('"', at + 1)
    if (at < 0) return text.length
    if (!isEscaped(text, at)) return at
  }
}

/** Whether an odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1
  while (text.charCodeAt(before) === backslash) before--
  return (at - before) % 2 === 0
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += countKeys(item)
    return count
  }
  // What JSON makes inherits nothing that is counted here.
  for (const key in value) count += 1 + countKeys((value as Readonly<Record<string, unknown>>)[key])
  return count
}
