import {
  type AnyEntity,
  type Commit,
  type EntityKind,
  type LogEntry,
  type LogLink,
  type Notebook,
  type Revision,
  type ShardId,
  StoreUnavailable,
  StoreUnusable,
} from '@bailiwick/core'
import { ulid } from 'ulid'
import { conditionally } from './conditionally.js'
import { type KindOfLookup, type LookupName, lookupsOf } from './lookups.js'
import { MemoryData, type MemoryStep } from './memory-data.js'
import { MemoryNotebook } from './memory-notebook.js'
import { netChanges } from './net-changes.js'
import { pageOf, type StorePage } from './range.js'
import type {
  AppendCondition,
  AppendResult,
  CommitDraft,
  LoadedShard,
  Located,
  LogPage,
  Store,
  StoreOpener,
} from './store.js'
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
  const data = new MemoryData(ulid())
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
    const revision = this.data.commitsOf(shard).length
    return revision === 0 ? undefined : { revision, entities: [...this.data.entitiesOf(shard)] }
  }

  async revision(shard: ShardId): Promise<Revision> {
    this.#mustBeOpen()
    return this.data.commitsOf(shard).length
  }

  async commitsSince(shard: ShardId, revision: Revision, limit = Infinity): Promise<readonly Commit[]> {
    this.#mustBeOpen()
    const since = Math.max(revision, 0)
    return this.data.commitsOf(shard).slice(since, since + limit)
  }

  async append(
    shard: ShardId,
    expected: Revision,
    drafts: readonly [CommitDraft, ...CommitDraft[]],
    condition?: AppendCondition,
  ): Promise<AppendResult> {
    this.#mustBeOpen()
    // One that is sent on is taken as it is now, whatever its caller makes of it later.
    const owned = drafts.map(frozenCopy)
    return conditionally(this.data.gate, this, condition, () =>
      this.#append(shard, expected, owned, condition),
    )
  }

  #append(
    shard: ShardId,
    expected: Revision,
    owned: readonly CommitDraft[],
    condition: AppendCondition | undefined,
  ): AppendResult {
    this.#mustBeOpen()
    const current = this.data.commitsOf(shard).length
    if (current !== expected || !this.#isGiven(condition)) return { kind: 'conflict', revision: current }
    const net = netChanges(shard, owned.map(stepsOf), this.data)
    if (net.kind === 'bug') throw net.error
    if (net.kind === 'taken') return net
    const revision = this.data.store(shard, owned, net.changes)
    this.#watchers.tell(shard, expected, revision)
    return { kind: 'appended', revision }
  }

  watch(listener: (shard: ShardId, revision: Revision) => void): () => void {
    this.#mustBeOpen()
    return this.#watchers.add(listener)
  }

  async find<Kind extends EntityKind>(kind: Kind, id: string): Promise<Located<Kind> | undefined> {
    this.#mustBeOpen()
    return this.data.all(kind)?.get(id)
  }

  async scan<Kind extends EntityKind>(
    kind: Kind,
    { shard, ...page }: StorePage & { readonly shard?: ShardId },
  ): Promise<readonly Located<Kind>[]> {
    this.#mustBeOpen()
    const index = shard === undefined ? this.data.all(kind) : this.data.inShard(shard, kind)
    return pageOf(page, (range) => index?.read(range) ?? [])
  }

  async lookup<Name extends LookupName>(
    name: Name,
    value: string,
    page: StorePage,
  ): Promise<readonly Located<KindOfLookup<Name>>[]> {
    this.#mustBeOpen()
    const index = this.data.found(name, value)
    return pageOf(page, (range) => index?.read(range) ?? [])
  }

  async log({ after, limit }: LogPage): Promise<readonly LogEntry[]> {
    this.#mustBeOpen()
    return this.data.log.slice(after, after + limit)
  }

  async links({ after, limit }: LogPage): Promise<readonly LogLink[]> {
    this.#mustBeOpen()
    return this.data.links(after, limit)
  }

  async lastPosition(): Promise<number> {
    this.#mustBeOpen()
    return this.data.log.length
  }

  async positionOf(shard: ShardId, revision: Revision): Promise<number | undefined> {
    this.#mustBeOpen()
    const wanted = this.data.commitsOf(shard)[revision - 1]
    return this.data.log.find(({ commit }) => commit === wanted)?.position
  }

  notebook(clock: () => number): Notebook {
    this.#mustBeOpen()
    return new MemoryNotebook(this.data.notes, clock, () => this.#mustBeOpen(), this.access)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#watchers.clear()
    this.release()
  }

  #isGiven(condition: AppendCondition | undefined): boolean {
    if (condition === undefined || !('given' in condition)) return true
    const { shard, revision } = condition.given
    return this.data.commitsOf(shard).length === revision
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new StoreUnavailable('the store is closed')
  }
}

// One frozen copy serves every reader: nobody, the writer included, can change what is stored. It passes through
// JSON because that is what the durable stores keep.
function frozenCopy(draft: CommitDraft): CommitDraft {
  return JSON.parse(JSON.stringify(draft), (_key, value) => Object.freeze(value))
}

function stepsOf({ changes }: CommitDraft) {
  return {
    changes: changes.map((change): MemoryStep => {
      if (change.op === 'remove') return change
      const { op, ...rest } = change
      const stored: AnyEntity = Object.freeze(rest)
      return { op, kind: stored.kind, id: stored.entity.id, stored, lookups: lookupsOf(stored) }
    }),
  }
}
