import {
  type AnyEntity,
  type Commit,
  type EntityKind,
  type Revision,
  type ShardId,
  StoreUnavailable,
  StoreUnusable,
} from '@bailiwick/core'
import { ulid } from 'ulid'
import { KindIndex } from './kind-index.js'
import { netChanges, type Step } from './net-changes.js'
import type { AppendResult, CommitDraft, LoadedShard, Located, Store, StoreOpener } from './store.js'
import { Watchers } from './watchers.js'

export interface MemoryStoreOptions {
  /** `exclusive`: refuse a second open while the first is not closed. Default `shared`. */
  readonly access?: Store['access']
}

/**
 * A store that lives as long as the process, for tests and first steps. Every open of one opener reaches the
 * same data, so that two engines can share it; what is closed can be opened again.
 *
 * @example
 * const engine = await openEngine({ store: memoryStore(), model })
 */
export function memoryStore({ access = 'shared' }: MemoryStoreOptions = {}): StoreOpener {
  const data: MemoryData = { id: ulid(), shards: new Map(), kinds: new Map() }
  const held = new Set<MemoryStore>()
  return async () => {
    if (access === 'exclusive' && held.size > 0) {
      throw new StoreUnusable(
        'store_locked',
        "this memory store is open already; close it first, or make it with `access: 'shared'`",
      )
    }
    const store = new MemoryStore(access, data, () => held.delete(store))
    held.add(store)
    return store
  }
}

interface MemoryData {
  readonly id: string
  readonly shards: Map<ShardId, MemoryShard>
  readonly kinds: Map<EntityKind, KindIndex>
}

/** Commit N stands at index N - 1. */
interface MemoryShard {
  readonly commits: Commit[]
  readonly entities: Map<EntityKind, Map<string, AnyEntity>>
}

class MemoryStore implements Store {
  readonly #watchers = new Watchers()
  #closed = false

  constructor(
    readonly access: Store['access'],
    private readonly data: MemoryData,
    private readonly release: () => void,
  ) {}

  get id(): string {
    return this.data.id
  }

  async load(shard: ShardId): Promise<LoadedShard | undefined> {
    this.#mustBeOpen()
    const held = this.data.shards.get(shard)
    if (held === undefined) return undefined
    const entities = [...held.entities.values()].flatMap((ofKind) => [...ofKind.values()])
    return { revision: held.commits.length, entities }
  }

  async revision(shard: ShardId): Promise<Revision> {
    this.#mustBeOpen()
    return this.data.shards.get(shard)?.commits.length ?? 0
  }

  async commitsSince(shard: ShardId, revision: Revision): Promise<readonly Commit[]> {
    this.#mustBeOpen()
    return this.data.shards.get(shard)?.commits.slice(Math.max(revision, 0)) ?? []
  }

  async append(
    shard: ShardId,
    expected: Revision,
    drafts: readonly [CommitDraft, ...CommitDraft[]],
  ): Promise<AppendResult> {
    this.#mustBeOpen()
    const held: MemoryShard = this.data.shards.get(shard) ?? { commits: [], entities: new Map() }
    const current = held.commits.length
    if (current !== expected) return { kind: 'conflict', revision: current }
    const owned = drafts.map(frozenCopy)
    const net = netChanges(shard, owned.map(stepsOf), (kind, id) => this.data.kinds.get(kind)?.get(id)?.shard)
    if (net.kind === 'bug') throw net.error
    if (net.kind === 'taken') return net

    this.data.shards.set(shard, held)
    for (const { op, kind, id, stored } of net.changes) {
      if (op === 'put' && stored !== undefined) {
        entryOf(held.entities, kind, () => new Map<string, AnyEntity>()).set(id, stored)
        entryOf(this.data.kinds, kind, () => new KindIndex()).set(id, { shard, entity: stored.entity })
      } else {
        held.entities.get(kind)?.delete(id)
        this.data.kinds.get(kind)?.delete(id)
      }
    }
    for (const { at, changes } of owned) {
      held.commits.push(Object.freeze({ shard, revision: held.commits.length + 1, at, changes }))
    }
    this.#watchers.tell(shard, expected, held.commits.length)
    return { kind: 'appended', revision: held.commits.length }
  }

  watch(listener: (shard: ShardId, revision: Revision) => void): () => void {
    this.#mustBeOpen()
    return this.#watchers.add(listener)
  }

  async find<Kind extends EntityKind>(kind: Kind, id: string): Promise<Located<Kind> | undefined> {
    this.#mustBeOpen()
    return indexOf(this.data, kind)?.get(id)
  }

  async scan<Kind extends EntityKind>(
    kind: Kind,
    page: { readonly after?: string; readonly limit: number },
  ): Promise<readonly Located<Kind>[]> {
    this.#mustBeOpen()
    return indexOf(this.data, kind)?.page(page) ?? []
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#watchers.clear()
    this.release()
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new StoreUnavailable('the store is closed')
  }
}

function indexOf<Kind extends EntityKind>(data: MemoryData, kind: Kind): KindIndex<Kind> | undefined {
  // The map pairs each kind with the index of that kind, which its type cannot say.
  return data.kinds.get(kind) as KindIndex<Kind> | undefined
}

// One frozen copy serves every reader: nobody, the writer included, can change what is stored. It passes through
// JSON because that is what the durable stores keep.
function frozenCopy(draft: CommitDraft): CommitDraft {
  return JSON.parse(JSON.stringify(draft), (_key, value) => Object.freeze(value))
}

interface MemoryStep extends Step {
  /** What is put. */
  readonly stored?: AnyEntity
}

function stepsOf({ changes }: CommitDraft) {
  return {
    changes: changes.map((change): MemoryStep => {
      if (change.op === 'remove') return change
      const { op, ...stored } = change
      return { op, kind: stored.kind, id: stored.entity.id, stored: Object.freeze(stored) }
    }),
  }
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
