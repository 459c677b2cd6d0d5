import { shown } from '@bailiwick/core'
import { malformed } from './refusals.js'

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Parse the JSON of a token part, refusing what readers of JSON disagree on.
 *
 * `JSON.parse` keeps the last of two members with one name, other readers keep the first, and an attacker who may
 * add a claim can live off the difference. A member called `__proto__` becomes the prototype of whatever a careless
 * reader copies it into. Neither has an honest use in a token.
 *
 * @param what - Names the part in messages.
 * @throws {SessionInvalid} `session_malformed`.
 * @see RFC 8725 section 2.4, RFC 7515 section 4
 */
export function parseJsonObject(bytes: Uint8Array, what: string): Readonly<Record<string, unknown>> {
  let text: string
  let value: unknown
  try {
    text = utf8.decode(bytes)
    value = JSON.parse(text)
  } catch (cause) {
    throw malformed(`the ${what} of the token is not JSON`, { cause: withoutInput(cause) })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`the ${what} of the token is not a JSON object`)
  }
  requireDistinctNames(text, what)
  return value as Readonly<Record<string, unknown>>
}

/**
 * Walk JSON that is known to be well formed, so that only strings and brackets matter. Each open object keeps the
 * names it has seen; arrays keep nothing.
 */
function requireDistinctNames(json: string, what: string): void {
  const open: (Set<string> | undefined)[] = []
  let expectsName = false
  for (let at = 0; at < json.length; at++) {
    const character = json[at]
    if (character === '"') {
      const end = endOfString(json, at)
      if (expectsName) requireNewName(open.at(-1), JSON.parse(json.slice(at, end + 1)), what)
      expectsName = false
      at = end
    } else if (character === '{') {
      open.push(new Set())
      expectsName = true
    } else if (character === '[') {
      open.push(undefined)
      expectsName = false
    } else if (character === '}' || character === ']') {
      open.pop()
      expectsName = false
    } else if (character === ',') {
      expectsName = open.at(-1) !== undefined
    }
  }
}

function requireNewName(seen: Set<string> | undefined, name: string, what: string): void {
  if (name === '__proto__') throw malformed(`the ${what} of the token has a member \`__proto__\``)
  if (seen?.has(name)) throw malformed(`the ${what} of the token has two members ${shown(name)}`)
  seen?.add(name)
}

/** The index of the quote that closes the string opened at `start`. */
function endOfString(json: string, start: number): number {
  let at = start + 1
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1
  return at
}

/** Parse errors quote their input; the input is a token. */
function withoutInput(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'Error'
}
