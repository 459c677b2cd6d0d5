import type { EntityKind, Revision, ShardId } from '@bailiwick/core'
import type { ChangeRow } from '../store/draft-rows.js'
import { type Lookup, type LookupName, lookupKinds } from '../store/lookups.js'

/** Where a shard stands: its revision, and how many entities it holds. */
export interface Head {
  readonly revision: Revision
  readonly entities: number
}

/** Where the log leaves a shard, and the position of the commit that does. */
export interface PendingHead extends Head {
  readonly position: number
}

/** An entity as the log leaves it. */
export interface PendingEntity extends ChangeRow {
  readonly shard: ShardId
  /** Of the commit that changed it last. */
  readonly position: number
  /** Where else the tables may have it. */
  readonly left: readonly ShardId[]
}

/** Where commits of a shard stand in the log: its last revision in a row, and the position of the row. */
export interface LogPlace {
  readonly shard: ShardId
  readonly revision: Revision
  readonly position: number
}

/** Who claimed a value last, and where; whether she still has it, her entity says. */
interface Claim {
  readonly id: string
  readonly position: number
}

/**
 * What stands in the log, and not in the tables, or not for sure. A part of it may be on its way there, written by
 * somebody else: it is known from here until it is dropped, and what is changed meanwhile stays.
 */
export class Pending {
  readonly heads = new Map<ShardId, PendingHead>()
  readonly places: LogPlace[] = []
  readonly #entities = new Map<EntityKind, Map<string, PendingEntity>>()
  readonly #claims = new Map<LookupName, Map<string, Claim>>()
  #size = 0
  #fresh = 0
  #onItsWay = 0

  /** How many entities are touched. */
  get size(): number {
    return this.#size
  }

  /** How many of them since the last cut. */
  get fresh(): number {
    return this.#fresh
  }

  /** Up to this position it is on its way into the tables, or was; 0 when it never was. */
  get onItsWay(): number {
    return this.#onItsWay
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
  add(shard: ShardId, head: PendingHead, changes: readonly ChangeRow[]): void {
    this.heads.set(shard, head)
    for (const change of changes) this.#change(shard, head.position, change)
  }

  /** All there is now is on its way into the tables. @param position - Where the log ends. */
  cut(position: number): void {
    this.#onItsWay = position
    this.#fresh = 0
  }

  /** Nothing is on its way any more, and the tables do not have it. */
  takeBack(): void {
    this.#onItsWay = 0
    this.#fresh = this.#size
  }

  /** What the tables have up to a position is no longer pending, save what was changed again since. */
  drop(position: number): void {
    for (const ofKind of this.#entities.values()) this.#size -= dropUpTo(position, ofKind)
    this.#fresh = Math.min(this.#fresh, this.#size)
    for (const ofName of this.#claims.values()) dropUpTo(position, ofName)
    dropUpTo(position, this.heads)
    const kept = this.places.findIndex((place) => place.position > position)
    this.places.splice(0, kept === -1 ? this.places.length : kept)
  }

  /** @param stored - Who has the value according to the tables. */
  holderOf({ name, value }: Lookup, stored: () => string | undefined): string | undefined {
    const claimed = this.#claims.get(name)?.get(value)?.id
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
    this.#fresh = 0
    this.#onItsWay = 0
  }

  #change(shard: ShardId, position: number, change: ChangeRow): void {
    const ofKind = this.#ofKind(change.kind)
    const before = ofKind.get(change.id)
    if (before === undefined) this.#size += 1
    if (before === undefined || before.position <= this.#onItsWay) this.#fresh += 1
    const left = before === undefined ? nowhere : leftBy(before, shard)
    const { op, kind, id, json, lookups } = change
    ofKind.set(id, { op, kind, id, json, lookups, shard, left, position })
    for (const { name, value } of lookups) {
      const ofName = this.#claims.get(name) ?? new Map<string, Claim>()
      this.#claims.set(name, ofName.set(value, { id, position }))
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

/** @returns how many. */
function dropUpTo<Key>(position: number, from: Map<Key, { readonly position: number }>): number {
  const before = from.size
  for (const [key, each] of from) if (each.position <= position) from.delete(key)
  return before - from.size
}

const nowhere: readonly ShardId[] = []

/** Removed from one shard, an id may be put in another. */
function leftBy({ shard, left }: PendingEntity, now: ShardId): readonly ShardId[] {
  return shard === now ? left : [...left, shard]
}
