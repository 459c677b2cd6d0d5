/**
 * What is under way, by its key.
 *
 * Two maps take turns, each used for a moment only. V8 links the tables that a map has outgrown to the later ones:
 * in one map that lives on, all that ever went through it would survive until a full collection.
 */
export class UnderWay<Item extends { readonly key: string }> {
  #newer = new Map<string, Item>()
  #older = new Map<string, Item>()

  /** What was set last under this key. */
  get(key: string): Item | undefined {
    return this.#newer.get(key) ?? this.#older.get(key)
  }

  /** From now on this one is found under its key. */
  set(item: Item): void {
    if (this.#older.size === 0) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(item.key, item)
  }

  /** It is under way no more. Another one of the same key stays. */
  delete(item: Item): void {
    const { key } = item
    if (this.#newer.get(key) === item) this.#newer.delete(key)
    else if (this.#older.get(key) === item) this.#older.delete(key)
  }
}
