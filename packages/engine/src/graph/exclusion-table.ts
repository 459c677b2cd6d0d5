import type { ExclusionId, ExclusionRecord, PermissionId } from '@bailiwick/core'
import type { Holder } from './row-table.js'

/** What the graph keeps of an exclusion. */
export type ExclusionFact = Pick<ExclusionRecord, 'id' | 'subject' | 'effect' | 'permissionId' | 'resourceId'>

/** An exclusion as the graph holds it. `permission` is `-1` when the permission has gone. */
export interface ExclusionEntry {
  readonly id: ExclusionId
  readonly effect: 'deny' | 'allow'
  readonly permissionId: PermissionId
  readonly permission: number
  readonly resource: number
  readonly holder: Holder
}

/** Denied and singly granted permissions. Few, so they stand in maps; most organizations have none. */
export class ExclusionTable {
  readonly #byId = new Map<string, ExclusionEntry>()
  readonly #byHolder = new Map<Holder, ExclusionEntry[]>()
  readonly #byResource = new Map<number, ExclusionEntry[]>()
  readonly #denials = new Map<number, number>()

  get size(): number {
    return this.#byId.size
  }

  all(): IterableIterator<ExclusionEntry> {
    return this.#byId.values()
  }

  find(id: string): ExclusionEntry | undefined {
    return this.#byId.get(id)
  }

  of(holder: Holder): readonly ExclusionEntry[] {
    return this.#byHolder.get(holder) ?? []
  }

  on(resource: number): readonly ExclusionEntry[] {
    return this.#byResource.get(resource) ?? []
  }

  /** Whether anybody is denied this permission anywhere. */
  denies(permission: number): boolean {
    return this.#denials.size > 0 && this.#denials.has(permission)
  }

  put(exclusion: ExclusionEntry): void {
    this.remove(exclusion.id)
    this.#byId.set(exclusion.id, exclusion)
    append(this.#byHolder, exclusion.holder, exclusion)
    append(this.#byResource, exclusion.resource, exclusion)
    if (exclusion.effect === 'deny') this.#count(exclusion.permission, 1)
  }

  remove(id: string): void {
    const known = this.#byId.get(id)
    if (known === undefined) return
    this.#byId.delete(id)
    without(this.#byHolder, known.holder, known)
    without(this.#byResource, known.resource, known)
    if (known.effect === 'deny') this.#count(known.permission, -1)
  }

  #count(permission: number, by: number): void {
    const count = (this.#denials.get(permission) ?? 0) + by
    if (count > 0) this.#denials.set(permission, count)
    else this.#denials.delete(permission)
  }
}

function append(lists: Map<number, ExclusionEntry[]>, key: number, exclusion: ExclusionEntry): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [exclusion])
  else list.push(exclusion)
}

function without(lists: Map<number, ExclusionEntry[]>, key: number, exclusion: ExclusionEntry): void {
  const left = (lists.get(key) ?? []).filter((other) => other !== exclusion)
  if (left.length > 0) lists.set(key, left)
  else lists.delete(key)
}
