import { isSameCheck, type WrittenCheck } from '@bailiwick/wire'
import type { Freshness } from './own-writes.js'

/** What is on its way. */
export interface OnItsWay {
  /** Shared with few others. */
  readonly key: string
  readonly check: WrittenCheck
  readonly freshness: Freshness | undefined
  /** One that came before it under the same key. */
  next: this | undefined
}

/**
 * What is under way, by a short key and then by what is asked: to look for the whole of a check costs as much as to
 * write it.
 *
 * Two maps take turns, each used for a moment only. V8 links the tables that a map has outgrown to the later ones:
 * in one map that lives on, all that ever went through it would survive until a full collection.
 */
export class UnderWay<Item extends OnItsWay> {
  #newer = new Map<string, Item>()
  #older = new Map<string, Item>()

  /** What was set last under this key, for this check. */
  get(key: string, check: WrittenCheck, freshness: Freshness | undefined): Item | undefined {
    const found = among(this.#newer.get(key), check, freshness)
    if (found !== undefined || this.#older.size === 0) return found
    return among(this.#older.get(key), check, freshness)
  }

  /** From now on this one is found. */
  set(item: Item): void {
    if (this.#older.size === 0) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    item.next = this.#newer.get(item.key)
    this.#newer.set(item.key, item)
  }

  /** It is under way no more. Another one of the same check stays. */
  delete(item: Item): void {
    if (!takeOut(this.#newer, item)) takeOut(this.#older, item)
  }
}

function among<Item extends OnItsWay>(
  first: Item | undefined,
  check: WrittenCheck,
  freshness: Freshness | undefined,
): Item | undefined {
  for (let item = first; item !== undefined; item = item.next)
    if (item.freshness === freshness && isSameCheck(item.check, check)) return item
  return undefined
}

/** @returns Whether it was there. */
function takeOut<Item extends OnItsWay>(items: Map<string, Item>, item: Item): boolean {
  const { key, next } = item
  let before = items.get(key)
  if (before === item) {
    if (next === undefined) items.delete(key)
    else items.set(key, next)
    return true
  }
  while (before !== undefined && before.next !== item) before = before.next
  if (before === undefined) return false
  before.next = next
  return true
}
