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
  readonly #byResource = new Map<number, Mapping[]>()

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

  on(resource: number): readonly Mapping[] {
    return this.#byResource.get(resource) ?? []
  }

  put(mapping: Mapping): void {
    this.remove(mapping.id)
    this.#byId.set(mapping.id, mapping)
    append(this.#byGroup, mapping.directoryGroup, mapping)
    append(this.#byResource, mapping.resource, mapping)
  }

  remove(id: string): void {
    const known = this.#byId.get(id)
    if (known === undefined) return
    this.#byId.delete(id)
    without(this.#byGroup, known.directoryGroup, known)
    without(this.#byResource, known.resource, known)
  }
}

function append<Key>(lists: Map<Key, Mapping[]>, key: Key, mapping: Mapping): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [mapping])
  else list.push(mapping)
}

function without<Key>(lists: Map<Key, Mapping[]>, key: Key, mapping: Mapping): void {
  const left = (lists.get(key) ?? []).filter((other) => other !== mapping)
  if (left.length > 0) lists.set(key, left)
  else lists.delete(key)
}
