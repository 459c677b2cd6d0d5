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

  /** Whether anybody is denied this permission anywhere. */
  denies(permission: number): boolean {
    return this.#denials.has(permission)
  }

  put(exclusion: ExclusionEntry): void {
    this.remove(exclusion.id)
    this.#byId.set(exclusion.id, exclusion)
    this.#byHolder.set(exclusion.holder, [...this.of(exclusion.holder), exclusion])
    if (exclusion.effect === 'deny') this.#count(exclusion.permission, 1)
  }

  remove(id: string): void {
    const known = this.#byId.get(id)
    if (known === undefined) return
    this.#byId.delete(id)
    const left = this.of(known.holder).filter((other) => other !== known)
    if (left.length > 0) this.#byHolder.set(known.holder, left)
    else this.#byHolder.delete(known.holder)
    if (known.effect === 'deny') this.#count(known.permission, -1)
  }

  #count(permission: number, by: number): void {
    const count = (this.#denials.get(permission) ?? 0) + by
    if (count > 0) this.#denials.set(permission, count)
    else this.#denials.delete(permission)
  }
}
