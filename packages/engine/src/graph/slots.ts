const empty = -1
const removed = -2

/**
 * Open addressing over integers that somebody else holds: maps a hash to the entries that may have it. At most
 * two thirds full, so that a look-up meets one or two entries.
 */
export class Slots {
  #slots: Int32Array
  #used = 0
  #live = 0

  constructor(expected = 0) {
    this.#slots = emptySlots(capacityFor(expected))
  }

  get bytes(): number {
    return this.#slots.byteLength
  }

  /** Where a search for a hash begins. */
  start(hash: number): number {
    return hash & (this.#slots.length - 1)
  }

  /** The entry at a place: not negative when there is one, `-1` when the search has ended. */
  at(place: number): number {
    return this.#slots[place] as number
  }

  next(place: number): number {
    return (place + 1) & (this.#slots.length - 1)
  }

  /** Add an entry that is not there. `hashOf` tells the hash of any entry, for when the table must grow. */
  add(entry: number, hashOf: (entry: number) => number): void {
    if ((this.#used + 1) * 3 > this.#slots.length * 2) this.#rebuild(hashOf)
    this.#place(entry, hashOf(entry))
    this.#used += 1
    this.#live += 1
  }

  remove(entry: number, hash: number): void {
    for (let place = this.start(hash); this.at(place) !== empty; place = this.next(place)) {
      if (this.at(place) !== entry) continue
      this.#slots[place] = removed
      this.#live -= 1
      return
    }
  }

  #rebuild(hashOf: (entry: number) => number): void {
    const before = this.#slots
    this.#slots = emptySlots(capacityFor(this.#live + 1))
    for (const entry of before) if (entry >= 0) this.#place(entry, hashOf(entry))
    this.#used = this.#live
  }

  #place(entry: number, hash: number): void {
    let place = this.start(hash)
    while ((this.#slots[place] as number) >= 0) place = this.next(place)
    this.#slots[place] = entry
  }
}

function emptySlots(length: number): Int32Array {
  return new Int32Array(length).fill(empty)
}

/** A power of two that leaves a third and more free. */
function capacityFor(entries: number): number {
  let capacity = 8
  while (entries * 3 > capacity * 2) capacity *= 2
  return capacity
}
