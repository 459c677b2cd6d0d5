const stride = 32

/**
 * Ids of at most 32 characters, each in a slot of 32 bytes outside the JavaScript heap, found by open
 * addressing. An id's index is its place.
 */
export class PackedIds {
  readonly #bytes: Buffer
  readonly #slots: Int32Array
  readonly #lengths: Uint8Array

  constructor(count: number, idAt: (index: number) => string) {
    this.#bytes = Buffer.alloc(count * stride)
    this.#lengths = new Uint8Array(count)
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(count * 1.5 + 1))).fill(-1)
    for (let index = 0; index < count; index++) {
      const id = idAt(index)
      this.#bytes.write(id, index * stride, 'latin1')
      this.#lengths[index] = id.length
      let place = hashOf(id) & (this.#slots.length - 1)
      while (this.#slots[place] !== -1) place = (place + 1) & (this.#slots.length - 1)
      this.#slots[place] = index
    }
  }

  /** The index of an id, or -1. */
  find(id: string): number {
    const slots = this.#slots
    const last = slots.length - 1
    for (let place = hashOf(id) & last; ; place = (place + 1) & last) {
      const index = slots[place] as number
      if (index === -1 || this.#equals(index, id)) return index
    }
  }

  // From the end: ids of one kind begin alike.
  #equals(index: number, id: string): boolean {
    if (this.#lengths[index] !== id.length) return false
    const bytes = this.#bytes
    const from = index * stride
    for (let i = id.length - 1; i >= 0; i--) if (bytes[from + i] !== id.charCodeAt(i)) return false
    return true
  }
}

function hashOf(id: string): number {
  let hash = 0
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}
