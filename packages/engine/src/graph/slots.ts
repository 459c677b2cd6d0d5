const empty = -1
const removed = -2

/**
 * Open addressing over integers that somebody else holds: maps a hash to the entries that may have it. At most
 * two thirds full. An entry leaves the high bits of its slot free, and there stands what the hash has beyond the
 * slot's number: an entry with another hash is passed over without a look at it.
 */
export class Slots {
  #slots: Int32Array = emptySlots(8)
  #used = 0
  #live = 0
  #highest = -1

  get bytes(): number {
    return this.#slots.byteLength
  }

  /** Where a search for a hash begins. */
  start(hash: number): number {
    return hash & (this.#slots.length - 1)
  }

  /** The entry at a place, if it may have the hash: `-1` when the search has ended, `-2` to go on. */
  at(place: number, hash: number): number {
    const slot = this.#slots[place] as number
    if (slot < 0) return slot
    const entries = this.#slots.length - 1
    return (slot ^ hash) > entries ? removed : slot & entries
  }

  next(place: number): number {
    return (place + 1) & (this.#slots.length - 1)
  }

  /**
   * Add an entry that is not there.
   *
   * @param hashOf - The hash of any entry, 31 bits, for when the table must grow.
   */
  add(entry: number, hashOf: (entry: number) => number): void {
    if (entry > this.#highest) this.#highest = entry
    if ((this.#used + 1) * 3 > this.#slots.length * 2 || entry >= this.#slots.length) this.#rebuild(hashOf)
    this.#place(entry, hashOf(entry))
    this.#used += 1
    this.#live += 1
  }

  /** Have room for so many entries, none of which is there yet. */
  reserve(entries: number): void {
    if (this.#used === 0) this.#slots = emptySlots(capacityFor(entries))
  }

  remove(entry: number, hash: number): void {
    for (let place = this.start(hash); this.#slots[place] !== empty; place = this.next(place)) {
      if (this.at(place, hash) !== entry) continue
      this.#slots[place] = removed
      this.#live -= 1
      return
    }
  }

  #rebuild(hashOf: (entry: number) => number): void {
    const before = this.#slots
    this.#slots = emptySlots(capacityFor(Math.max(this.#live + 1, this.#highest + 1)))
    for (const slot of before) {
      const entry = slot & (before.length - 1)
      if (slot >= 0) this.#place(entry, hashOf(entry))
    }
    this.#used = this.#live
  }

  #place(entry: number, hash: number): void {
    let place = this.start(hash)
    while ((this.#slots[place] as number) >= 0) place = this.next(place)
    this.#slots[place] = (hash & -this.#slots.length) | entry
  }
}

function emptySlots(length: number): Int32Array {
  return new Int32Array(length).fill(empty)
}

/** A power of two that leaves a third and more free, and is above every entry. */
function capacityFor(entries: number): number {
  let capacity = 8
  while (entries * 3 > capacity * 2) capacity *= 2
  return capacity
}
