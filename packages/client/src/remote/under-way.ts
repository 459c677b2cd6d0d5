/** What is on its way. */
export interface OnItsWay {
  /** Shared with few others. */
  readonly key: string
  /** Shared with none that is another. */
  readonly json: string
  /** One that came before it under the same key. */
  next: this | undefined
}

/**
 * What is under way, by its key and its text: a key is short, and to look for all of a text costs as much as to write
 * it.
 *
 * Two maps take turns, each used for a moment only. V8 links the tables that a map has outgrown to the later ones:
 * in one map that lives on, all that ever went through it would survive until a full collection.
 */
export class UnderWay<Item extends OnItsWay> {
  #newer = new Map<string, Item>()
  #older = new Map<string, Item>()

  /** What was set last under this key and text. */
  get(key: string, json: string): Item | undefined {
    return among(this.#newer.get(key), json) ?? among(this.#older.get(key), json)
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

  /** It is under way no more. Another one of the same key and text stays. */
  delete(item: Item): void {
    if (!takeOut(this.#newer, item)) takeOut(this.#older, item)
  }
}

function among<Item extends OnItsWay>(first: Item | undefined, json: string): Item | undefined {
  for (let item = first; item !== undefined; item = item.next) if (item.json === json) return item
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
