import type { OrganizationGraph } from '../graph/organization-graph.js'

const slots = 2 ** 15

/**
 * What is made of an entry's bytes for every page on which it stands: kept from page to page in a fixed number of
 * slots for the whole process, so that it never needs clearing and never grows.
 */
export class Remembered<Value extends object> {
  readonly #values: (Value | undefined)[] = Array.from({ length: slots })
  readonly #entries = new Int32Array(slots)
  readonly #epochs = new Float64Array(slots)

  /** @param make - What is remembered is shared, and frozen for that. */
  constructor(private readonly make: (graph: OrganizationGraph, entry: number) => Value) {}

  /** How to get the values of one graph, as it is now. */
  of(graph: OrganizationGraph): (entry: number) => Value {
    const { epoch } = graph.records
    // Entries lie one after the other, those of different graphs wherever it falls.
    const start = Math.imul(epoch, 0x9e3779b1)
    return (entry) => {
      const slot = (start + entry) & (slots - 1)
      const known = this.#values[slot]
      if (known !== undefined && this.#entries[slot] === entry && this.#epochs[slot] === epoch) return known
      const value = Object.freeze(this.make(graph, entry))
      this.#values[slot] = value
      this.#entries[slot] = entry
      this.#epochs[slot] = epoch
      return value
    }
  }
}
