import type { EntityKind, Revision, ShardId } from '@bailiwick/core'
import type { ChangeRow } from '../store/draft-rows.js'
import { type Lookup, type LookupName, lookupKinds } from '../store/lookups.js'

/** Where a shard stands: its revision, and how many entities it holds. */
export interface Head {
  readonly revision: Revision
  readonly entities: number
}

/** An entity as the log leaves it. */
export interface PendingEntity extends ChangeRow {
  readonly shard: ShardId
  /** Where else the tables may have it. */
  readonly left: readonly ShardId[]
}

/** Where commits of a shard stand in the log: its last revision in a row, and the position of the row. */
export interface LogPlace {
  readonly shard: ShardId
  readonly revision: Revision
  readonly position: number
}

/** What stands in the log, and not in the tables yet. */
export class Pending {
  readonly heads = new Map<ShardId, Head>()
  readonly places: LogPlace[] = []
  readonly #entities = new Map<EntityKind, Map<string, PendingEntity>>()
  /** Who claimed a unique value last; whether she still has it, her entity says. */
  readonly #claims = new Map<LookupName, Map<string, string>>()
  #size = 0

  /** How many entities are touched. */
  get size(): number {
    return this.#size
  }

  get isEmpty(): boolean {
    return this.heads.size === 0
  }

  /** An entity that is put or removed; `undefined` where the tables know better. */
  entity(kind: EntityKind, id: string): PendingEntity | undefined {
    return this.#entities.get(kind)?.get(id)
  }

  entitiesOf(kind: EntityKind): Iterable<PendingEntity> {
    return this.#entities.get(kind)?.values() ?? []
  }

  *entities(): Iterable<PendingEntity> {
    for (const ofKind of this.#entities.values()) yield* ofKind.values()
  }

  /** Take over what commits come to. */
  add(shard: ShardId, head: Head, changes: readonly ChangeRow[]): void {
    this.heads.set(shard, head)
    for (const change of changes) this.#change(shard, change)
  }

  /** @param stored - Who has the value according to the tables. */
  holderOf({ name, value }: Lookup, stored: () => string | undefined): string | undefined {
    const claimed = this.#claims.get(name)?.get(value)
    if (claimed !== undefined && this.#has(claimed, name, value)) return claimed
    const holder = stored()
    if (holder === undefined || this.entity(lookupKinds[name], holder) === undefined) return holder
    return this.#has(holder, name, value) ? holder : undefined
  }

  clear(): void {
    this.heads.clear()
    this.places.length = 0
    this.#entities.clear()
    this.#claims.clear()
    this.#size = 0
  }

  #change(shard: ShardId, change: ChangeRow): void {
    const ofKind = this.#ofKind(change.kind)
    const before = ofKind.get(change.id)
    if (before === undefined) this.#size += 1
    const left = before === undefined ? nowhere : leftBy(before, shard)
    const { op, kind, id, json, lookups } = change
    ofKind.set(id, { op, kind, id, json, lookups, shard, left })
    for (const { name, value } of change.lookups) {
      const ofName = this.#claims.get(name) ?? new Map<string, string>()
      this.#claims.set(name, ofName.set(value, change.id))
    }
  }

  #ofKind(kind: EntityKind): Map<string, PendingEntity> {
    const known = this.#entities.get(kind)
    if (known !== undefined) return known
    const ofKind = new Map<string, PendingEntity>()
    this.#entities.set(kind, ofKind)
    return ofKind
  }

  #has(id: string, name: LookupName, value: string): boolean {
    const lookups = this.entity(lookupKinds[name], id)?.lookups ?? []
    return lookups.some((lookup) => lookup.name === name && lookup.value === value)
  }
}

const nowhere: readonly ShardId[] = []

/** Removed from one shard, an id may be put in another. */
function leftBy({ shard, left }: PendingEntity, now: ShardId): readonly ShardId[] {
  return shard === now ? left : [...left, shard]
}
