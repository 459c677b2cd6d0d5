import type { MappingId, MappingRecord, RoleId } from '@bailiwick/core'

/** What the graph keeps of a mapping. */
export type MappingFact = Pick<MappingRecord, 'id' | 'directoryGroup' | 'roleId' | 'resourceId'>

/** A mapping as the graph holds it: role and resource as entries. */
export interface Mapping {
  readonly id: MappingId
  readonly directoryGroup: string
  readonly roleId: RoleId
  readonly role: number
  readonly resource: number
}

/** Which groups of the identity provider give which role, and where. Few, so they stand in maps. */
export class MappingTable {
  readonly #byId = new Map<string, Mapping>()
  readonly #byGroup = new Map<string, Mapping[]>()

  get size(): number {
    return this.#byId.size
  }

  all(): IterableIterator<Mapping> {
    return this.#byId.values()
  }

  find(id: string): Mapping | undefined {
    return this.#byId.get(id)
  }

  of(directoryGroup: string): readonly Mapping[] {
    return this.#byGroup.get(directoryGroup) ?? []
  }

  put(mapping: Mapping): void {
    this.remove(mapping.id)
    this.#byId.set(mapping.id, mapping)
    this.#byGroup.set(mapping.directoryGroup, [...this.of(mapping.directoryGroup), mapping])
  }

  remove(id: string): void {
    const known = this.#byId.get(id)
    if (known === undefined) return
    this.#byId.delete(id)
    const left = this.of(known.directoryGroup).filter((other) => other !== known)
    if (left.length > 0) this.#byGroup.set(known.directoryGroup, left)
    else this.#byGroup.delete(known.directoryGroup)
  }
}
