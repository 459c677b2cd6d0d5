/** Numbers that look random and follow from a seed alone, on every machine. */
export class Random {
  #state: number

  constructor(readonly seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 up to, not including, 1. Mulberry32: small, quick, and even enough to draw cases with. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<Item>(items: readonly [Item, ...Item[]]): Item
  pick<Item>(items: readonly Item[]): Item | undefined
  pick<Item>(items: readonly Item[]): Item | undefined {
    return items[Math.floor(this.next() * items.length)]
  }

  /** At most `count` of the items, in no order. */
  some<Item>(items: readonly Item[], count: number): readonly Item[] {
    const rest = [...items]
    const chosen: Item[] = []
    while (chosen.length < count && rest.length > 0) {
      chosen.push(...rest.splice(Math.floor(this.next() * rest.length), 1))
    }
    return chosen
  }

  /** One of the cases, each as often as its weight says. */
  weighted<Item>(cases: readonly (readonly [weight: number, item: Item])[]): Item {
    let left = this.next() * cases.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, item] of cases) {
      left -= weight
      if (left < 0) return item
    }
    throw new RangeError('there is no case to draw')
  }
}

/**
 * The seed of this run: `SEED` where it is set. Otherwise a long run draws another each time, to find what is new,
 * and a short one takes the same each time, so that a change is judged by what it changed.
 */
export function seedOfRun(): number {
  const given = process.env.SEED
  if (given === undefined || given === '') {
    return process.env.RUNS === 'long' ? Math.floor(Math.random() * 1_000_000_000) : 20_261_122
  }
  const seed = Number(given)
  if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('SEED must be a whole number, 0 or more')
  return seed
}
