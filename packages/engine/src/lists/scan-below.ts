import type { EntryBits } from '../graph/entry-bits.js'
import type { ResourceTable } from '../graph/resource-table.js'
import type { WayDown } from './way-down.js'

/** How many resources there are of the types on a way down, and of the wanted one. */
export function scanSteps(resources: ResourceTable, { types }: WayDown, wanted: number): number {
  let steps = resources.ofType(wanted).length
  for (const type of types) steps += resources.ofType(type).length
  return steps
}

/**
 * Find which resources of the types on a way down lie below some others, by asking each whether its parent was
 * reached. They stand side by side in memory, where every step down leads somewhere else.
 *
 * @param reached - Where it begins. What lies below is added.
 */
export function scanBelow(resources: ResourceTable, { types }: WayDown, reached: EntryBits): void {
  for (const type of types) {
    const { entries, length } = resources.ofType(type)
    for (let n = 0; n < length; n++) {
      const entry = entries[n] as number
      // Without a branch, which nobody could foretell.
      reached.addBit(entry, reached.bit(resources.parent(entry)))
    }
  }
}
