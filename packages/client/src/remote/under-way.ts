import { isSameCheck, type WrittenCheck } from '@bailiwick/wire'
import type { Freshness } from './own-writes.js'

/** What is on its way. */
export interface OnItsWay {
  /** By `keyOf`. */
  readonly key: number
  readonly check: WrittenCheck
  readonly freshness: Freshness | undefined
  /** One that came before it to the same place. */
  next: this | undefined
}

/** A power of two, and as many as are under way at a time where there is much to do. */
const places = 1_024

/**
 * What is under way, by a number and then by what is asked. It has as many places as it ever will: of a map that grows
 * and shrinks with each batch, V8 keeps the tables that it has outgrown until a full collection, and with them all that
 * ever went through it.
 */
export class UnderWay<Item extends OnItsWay> {
  readonly #places: (Item | undefined)[] = new Array<Item | undefined>(places).fill(undefined)

  /** What was set last for this check. */
  get(key: number, check: WrittenCheck, freshness: Freshness | undefined): Item | undefined {
    for (let item = this.#places[placeOf(key)]; item !== undefined; item = item.next)
      if (item.key === key && item.freshness === freshness && isSameCheck(item.check, check)) return item
    return undefined
  }

  /** From now on this one is found. */
  set(item: Item): void {
    const place = placeOf(item.key)
    item.next = this.#places[place]
    this.#places[place] = item
  }

  /** It is under way no more. Another one of the same check stays. */
  delete(item: Item): void {
    const place = placeOf(item.key)
    let before = this.#places[place]
    if (before === item) {
      this.#places[place] = item.next
      return
    }
    while (before !== undefined && before.next !== item) before = before.next
    if (before !== undefined) before.next = item.next
  }
}

function placeOf(key: number): number {
  return key & (places - 1)
}

// By chance, so that nobody outside can choose ids that all come to one place.
const seed = (Math.random() * 2 ** 32) | 0
const factor = (Math.random() * 2 ** 32) | 1

/**
 * The same number for equal checks, and for few others: who asks, and about what. To join the two into a text and look
 * for that takes three times as long.
 */
export function keyOf(check: WrittenCheck): number {
  if (typeof check === 'string') return mixed(seed, check)
  return mixed(mixed(seed, check.membershipId), check.externalId)
}

function mixed(start: number, text: string): number {
  let key = start
  for (let at = 0; at < text.length; at++) {
    key = Math.imul(key ^ text.charCodeAt(at), factor)
    key ^= key >>> 15
  }
  return key
}
