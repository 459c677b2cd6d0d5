import type { AnyEntity, Commit, EntityKind, LogEntry, LogLink, ShardId } from '@bailiwick/core'
import { linkHash, noHash } from '../chain/link-hash.js'
import { Gate } from './gate.js'
import { KindIndex } from './kind-index.js'
import {
  isUnique,
  type KindOfLookup,
  type Lookup,
  type LookupName,
  lookupsOf,
  lookupValue,
} from './lookups.js'
import type { Notes } from './memory-notebook.js'
import type { Step, StoredNow } from './net-changes.js'
import type { CommitDraft } from './store.js'

/** A step with what is put, if anything is. */
export interface MemoryStep extends Step {
  readonly stored?: AnyEntity
}

/** What a memory store holds, however many have it open. */
export class MemoryData implements StoredNow {
  /** Position N stands at index N - 1. */
  readonly log: LogEntry[] = []
  readonly #hashes: string[] = []
  readonly notes: Notes = new Map()
  readonly gate: Gate = new Gate()
  /** Of a shard, commit N stands at index N - 1. */
  readonly #commits = new Map<ShardId, Commit[]>()
  readonly #all = new Map<EntityKind, KindIndex>()
  readonly #shards = new Map<ShardId, Map<EntityKind, KindIndex>>()
  readonly #lookups = new Map<LookupName, Map<string, KindIndex>>()

  constructor(readonly id: string) {}

  commitsOf(shard: ShardId): readonly Commit[] {
    return this.#commits.get(shard) ?? []
  }

  *entitiesOf(shard: ShardId): Iterable<AnyEntity> {
    for (const [kind, index] of this.#shards.get(shard) ?? []) {
      // The map pairs each kind with the index of that kind, which its type cannot say. So it is below.
      for (const { entity } of index.values()) yield { kind, entity } as AnyEntity
    }
  }

  all<Kind extends EntityKind>(kind: Kind): KindIndex<Kind> | undefined {
    return this.#all.get(kind) as KindIndex<Kind> | undefined
  }

  inShard<Kind extends EntityKind>(shard: ShardId, kind: Kind): KindIndex<Kind> | undefined {
    return this.#shards.get(shard)?.get(kind) as KindIndex<Kind> | undefined
  }

  found<Name extends LookupName>(name: Name, value: string): KindIndex<KindOfLookup<Name>> | undefined {
    const index = this.#lookups.get(name)?.get(lookupValue(name, value))
    return index as KindIndex<KindOfLookup<Name>> | undefined
  }

  readonly homeOf = (kind: EntityKind, id: string): ShardId | undefined => this.#all.get(kind)?.get(id)?.shard

  readonly holderOf = ({ name, value }: Lookup): string | undefined =>
    isUnique(name) ? this.#lookups.get(name)?.get(value)?.ids().next().value : undefined

  /** Keep drafts and what they come to. Returns the revision reached. */
  store(shard: ShardId, drafts: readonly CommitDraft[], changes: readonly MemoryStep[]): number {
    for (const change of changes) this.#change(shard, change)
    const commits = entryOf(this.#commits, shard, (): Commit[] => [])
    for (const draft of drafts) {
      const commit = Object.freeze({ shard, revision: commits.length + 1, ...draft })
      commits.push(commit)
      const position = this.log.length + 1
      this.log.push(Object.freeze({ position, commit }))
      this.#hashes.push(linkHash(this.#hashes.at(-1) ?? noHash, position, position, JSON.stringify(commit)))
    }
    return commits.length
  }

  /** The rows of the log after a position: each commit is one. */
  links(after: number, limit: number): readonly LogLink[] {
    return this.log.slice(after, after + limit).map(({ position, commit }) => ({
      first: position,
      position,
      text: JSON.stringify(commit),
      hash: this.#hashes[position - 1] ?? null,
    }))
  }

  #change(shard: ShardId, { kind, id, stored, lookups = [] }: MemoryStep): void {
    const indexes = [
      entryOf(this.#all, kind, () => new KindIndex()),
      entryOf(
        entryOf(this.#shards, shard, () => new Map<EntityKind, KindIndex>()),
        kind,
        () => new KindIndex(),
      ),
    ]
    const before = this.#all.get(kind)?.get(id)
    if (before !== undefined) {
      for (const lookup of lookupsOf({ kind, entity: before.entity } as AnyEntity)) this.#forget(lookup, id)
    }
    if (stored === undefined) {
      for (const index of indexes) index.delete(id)
      return
    }
    const located = Object.freeze({ shard, entity: stored.entity })
    for (const { name, value } of lookups) {
      const ofName = entryOf(this.#lookups, name, () => new Map<string, KindIndex>())
      indexes.push(entryOf(ofName, value, () => new KindIndex()))
    }
    for (const index of indexes) index.set(id, located)
  }

  #forget({ name, value }: Lookup, id: string): void {
    const index = this.#lookups.get(name)?.get(value)
    index?.delete(id)
    if (index?.size === 0) this.#lookups.get(name)?.delete(value)
  }
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
