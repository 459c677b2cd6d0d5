/**
 * A set of permissions as bits, one per permission of the model, in words of 32. Exact for any number of
 * permissions: JavaScript shifts wrap at 32, so the word is chosen first.
 */
export class PermissionSet {
  readonly #words: Uint32Array

  constructor(size: number, members: Iterable<number>) {
    this.#words = new Uint32Array(Math.ceil(size / 32))
    for (const member of members) {
      const word = member >>> 5
      this.#words[word] = ((this.#words[word] ?? 0) | (1 << (member & 31))) >>> 0
    }
  }

  has(member: number): boolean {
    return (((this.#words[member >>> 5] ?? 0) >>> (member & 31)) & 1) === 1
  }
}
