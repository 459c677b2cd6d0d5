import { Stretch, type Words } from './words.js'

/** A slot holds one more than what it is about, so that words of zero are empty slots. */
const empty = 0
const removed = -1

/**
 * Open addressing over entries that somebody else holds: maps a hash to the entries that may have it. At most two
 * thirds full. An entry leaves the high bits of its slot free, and there stands what the hash has beyond the slot's
 * number: an entry with another hash is passed over without a look at it.
 */
export class Slots extends Stretch {
  #used = 0
  #live = 0
  #highest = -1

  constructor(private readonly memory: Words) {
    super()
    memory.claim(this, capacityFor(0))
  }

  /** The entry at a place, if it may have the hash: see `entryOf`. */
  entryAt(place: number, hash: number): number {
    const mask = this.length - 1
    return entryOf(this.memory.words[this.at + (place & mask)] as number, mask, hash)
  }

  /**
   * Add an entry that is not there.
   *
   * @param hashOf - The hash of any entry, 30 bits, for when the table must grow.
   * @param hash - That of this one.
   */
  add(entry: number, hashOf: (entry: number) => number, hash: number = hashOf(entry)): void {
    if (entry > this.#highest) this.#highest = entry
    const { length } = this
    if ((this.#used + 1) * 3 > length * 2 || entry >= length) this.#rebuild(hashOf)
    this.#place(entry, hash)
    this.#used += 1
    this.#live += 1
  }

  remove(entry: number, hash: number): void {
    for (let place = hash; this.entryAt(place, hash) !== -1; place++) {
      if (this.entryAt(place, hash) !== entry) continue
      this.memory.words[this.at + (place & (this.length - 1))] = removed
      this.#live -= 1
      return
    }
  }

  /** The stretch and the length that it must have for so many entries, of which none is there yet. */
  lengthFor(entries: number): readonly [Stretch, number] {
    return [this, Math.max(capacityFor(entries), this.length)]
  }

  #rebuild(hashOf: (entry: number) => number): void {
    const before = this.memory.words.slice(this.at, this.at + this.length)
    this.memory.words.fill(empty, this.at, this.at + this.length)
    this.memory.resize([[this, capacityFor(Math.max(this.#live + 1, this.#highest + 1))]])
    for (const slot of before) {
      const entry = (slot - 1) & (before.length - 1)
      if (slot > 0) this.#place(entry, hashOf(entry))
    }
    this.#used = this.#live
  }

  #place(entry: number, hash: number): void {
    const { words } = this.memory
    const { at, length } = this
    let place = hash & (length - 1)
    while ((words[at + place] as number) > 0) place = (place + 1) & (length - 1)
    words[at + place] = ((hash & -length) | entry) + 1
  }
}

/**
 * The entry in a slot, if it may have the hash: `-1` when the search has ended, `-2` to go on.
 *
 * @param mask - One less than there are slots.
 */
export function entryOf(slot: number, mask: number, hash: number): number {
  if (slot <= 0) return slot === empty ? -1 : -2
  return ((slot - 1) ^ hash) > mask ? -2 : (slot - 1) & mask
}

/** A power of two that leaves a third and more free, and is above every entry. */
function capacityFor(entries: number): number {
  let capacity = 8
  while (entries * 3 > capacity * 2) capacity *= 2
  return capacity
}
