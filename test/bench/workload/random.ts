/** mulberry32: small, seeded, good enough to spread a workload. Answers from 0 up to, not including, 1. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A whole number from `low` up to, not including, `high`. */
export function between(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low))
}

/** The items in another order, their own array left as it is. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const order = [...items]
  for (let index = order.length - 1; index > 0; index--) {
    const other = between(random, 0, index + 1)
    ;[order[index], order[other]] = [order[other] as Item, order[index] as Item]
  }
  return order
}
