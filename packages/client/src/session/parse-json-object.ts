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
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(bytes))
  } catch (cause) {
    throw malformed(`the ${what} of the token is not JSON`, { cause: withoutInput(cause) })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed(`the ${what} of the token is not a JSON object`)
  }
  requireDistinctNames(bytes, value, what)
  return value as Readonly<Record<string, unknown>>
}

/**
 * Of two members with one name the parser keeps one: then the text has more names than the value has members. In JSON
 * that is well formed each colon outside of a string stands behind a name.
 */
function requireDistinctNames(json: Uint8Array, value: object, what: string): void {
  if (countNames(json) !== countMembers(value, what))
    throw malformed(`the ${what} of the token has two members of one name`)
}

function countNames(json: Uint8Array): number {
  let names = 0
  for (let at = 0; at < json.length; at++) {
    const code = json[at]
    if (code === colon) names += 1
    else if (code === quote) at = endOfString(json, at)
  }
  return names
}

/** The place of the quote that closes the string opened at `start`. No other character of UTF-8 has its byte. */
function endOfString(json: Uint8Array, start: number): number {
  let at = start + 1
  while (json[at] !== quote) at += json[at] === backslash ? 2 : 1
  return at
}

/** At any depth, without recursion: how deep brackets go is the token's to say. */
function countMembers(value: object, what: string): number {
  let members = 0
  const open = [value]
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (Array.isArray(each)) {
      for (const item of each) if (isContainer(item)) open.push(item)
      continue
    }
    for (const name of Object.keys(each)) {
      if (name === '__proto__') throw malformed(`the ${what} of the token has a member \`__proto__\``)
      const member: unknown = each[name as keyof typeof each]
      if (isContainer(member)) open.push(member)
      members += 1
    }
  }
  return members
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

const quote = 0x22
const colon = 0x3a
const backslash = 0x5c

/** Parse errors quote their input; the input is a token. */
function withoutInput(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'Error'
}
