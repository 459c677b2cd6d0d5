import { OrderedEntries } from './ordered-ids.js'

/**
 * Entries by what they name, each list in the order of their ids. A list is made when it is first asked for, in one
 * pass over all entries, and kept true from then on: nobody pays for names that nobody asks about.
 */
export class NamedLists<Name> {
  readonly #lists = new Map<Name, OrderedEntries>()

  /** @param namesOf - What an entry names, repetitions allowed. */
  constructor(
    private readonly all: OrderedEntries,
    private readonly namesOf: (entry: number) => readonly Name[],
  ) {}

  get bytes(): number {
    let bytes = 0
    for (const list of this.#lists.values()) bytes += list.bytes
    return bytes
  }

  list(name: Name): OrderedEntries {
    const known = this.#lists.get(name)
    if (known !== undefined) return known
    const list = this.all.filter((entry) => this.namesOf(entry).includes(name))
    this.#lists.set(name, list)
    return list
  }

  add(entry: number): void {
    if (this.#lists.size === 0) return
    for (const name of new Set(this.namesOf(entry))) this.#lists.get(name)?.add(entry)
  }

  /** To be called while the entry still names what it named. */
  remove(entry: number): void {
    if (this.#lists.size === 0) return
    for (const name of new Set(this.namesOf(entry))) this.#lists.get(name)?.remove(entry)
  }
}
