/** A longer copy of an array of integers, at least doubled, so that appending costs a constant on average. */
export function grownInts(array: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  if (needed <= array.length) return array
  const longer = new Int32Array(Math.max(needed, array.length * 2))
  longer.set(array)
  return longer
}

/** The same for words of 32 bits without sign. */
export function grownWords(array: Uint32Array<ArrayBuffer>, needed: number): Uint32Array<ArrayBuffer> {
  if (needed <= array.length) return array
  const longer = new Uint32Array(Math.max(needed, array.length * 2))
  longer.set(array)
  return longer
}
