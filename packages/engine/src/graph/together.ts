/**
 * The places of a list, those of equal numbers one after the other. What is looked through together, the rows of one
 * subject and the groups of one membership, is added together, and so stands side by side in memory.
 */
export function together(numbers: ArrayLike<number>): Int32Array {
  const first = new Map<number, number>()
  const next = new Int32Array(numbers.length).fill(-1)
  for (let n = numbers.length - 1; n >= 0; n--) {
    const number = numbers[n] as number
    next[n] = first.get(number) ?? -1
    first.set(number, n)
  }
  const order = new Int32Array(numbers.length)
  let at = 0
  for (const start of first.values()) for (let n = start; n >= 0; n = next[n] as number) order[at++] = n
  return order
}
