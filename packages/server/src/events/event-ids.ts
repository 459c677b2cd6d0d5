import { CursorInvalid } from '@bailiwick/core'

/** Where an event stands: the position of its commit in the log, and its change in that. */
export interface EventPlace {
  readonly position: number
  readonly change: number
}

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const [positionDigits, changeDigits] = [16, 10]

/** Behind every change that a commit can have. */
export const lastChange = 32 ** changeDigits - 1

/** `event_…`: made of the event's place, so that it is always the same, and later ones come after. */
export function eventId(place: EventPlace): string {
  return idOfPlace('event', place)
}

/** The id of what stands at a place, under a prefix. */
export function idOfPlace(prefix: string, { position, change }: EventPlace): string {
  return `${prefix}_${encode(position, positionDigits)}${encode(change, changeDigits)}`
}

/** @throws {CursorInvalid} for anything that `eventId` does not yield. */
export function parseEventId(id: string): EventPlace {
  return parsePlace('event', id)
}

/** @throws {CursorInvalid} for anything that `idOfPlace` does not yield under this prefix. */
export function parsePlace(prefix: string, id: string): EventPlace {
  const match = /^([a-z_]+)_([0-9A-HJKMNP-TV-Z]{16})([0-9A-HJKMNP-TV-Z]{10})$/.exec(id)
  const [position, change] = [decode(match?.[2] ?? ''), decode(match?.[3] ?? '')]
  if (match?.[1] !== prefix || !Number.isSafeInteger(position) || !Number.isSafeInteger(change)) {
    throw new CursorInvalid()
  }
  return { position, change }
}

function encode(value: number, length: number): string {
  let text = ''
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = digits[rest % 32] + text
  return text
}

function decode(text: string): number {
  return Array.from(text).reduce((value, digit) => value * 32 + digits.indexOf(digit), 0)
}
