import { environmentShard, type OrganizationId, StoreUnavailable } from '@bailiwick/core'
import { LRUCache } from 'lru-cache'
import { OrganizationShard, type ShardContext } from './organization-shard.js'

/**
 * The organizations held in memory: each loaded when first asked for, the least recently used let go when the
 * bound on memory is reached.
 */
export class Organizations {
  readonly #held: LRUCache<OrganizationId, OrganizationShard>
  /** Being written: there must be one copy of them only, also when they are let go meanwhile. */
  readonly #pinned = new Map<
    OrganizationId,
    { readonly shard: Promise<OrganizationShard>; writers: number }
  >()
  readonly #loading = new Map<OrganizationId, Promise<OrganizationShard>>()
  readonly #context: ShardContext
  #closed = false

  constructor(context: ShardContext, maxMemoryBytes: number) {
    this.#context = context
    this.#held = new LRUCache<OrganizationId, OrganizationShard>({
      maxSize: maxMemoryBytes,
      // One organization alone may exceed the bound: it is held all the same, with nothing beside it.
      sizeCalculation: ({ graph }) => Math.min(graph.bytes, maxMemoryBytes),
      // What is deleted is weighed again, or closed: see `#hold` and `close`.
      dispose: (shard, _, reason) => reason === 'delete' || shard.letGo(),
    })
    context.model.watch(() => {
      for (const shard of this.#held.values()) shard.letGo()
    })
  }

  /** The organization if it is in memory and can be read as it is, without waiting. */
  warm(id: OrganizationId): OrganizationShard | undefined {
    if (this.#closed) return undefined
    const shard = this.#held.get(id)
    if (shard === undefined || shard.stale) return undefined
    return this.#context.store.access === 'shared' && !this.#isKnownToBeLatest(shard) ? undefined : shard
  }

  /** The organization as new as its store is now. One that does not exist is an empty shard at revision 0. */
  async open(id: OrganizationId): Promise<OrganizationShard> {
    const { store, model } = this.#context
    const shard = await this.#find(id)
    if (store.access === 'shared') await model.refresh()
    if (shard.stale || (store.access === 'shared' && (await this.#isBehind(shard)))) {
      await shard.catchUp()
      if (this.#held.peek(id) === shard) this.#hold(shard)
    }
    return shard
  }

  /** Run `work`, which writes to the organization, with the one copy of it that there is. */
  async write<Value>(id: OrganizationId, work: (shard: OrganizationShard) => Promise<Value>): Promise<Value> {
    const pin = this.#pinned.get(id) ?? { shard: this.#find(id), writers: 0 }
    this.#pinned.set(id, pin)
    pin.writers += 1
    try {
      const shard = await pin.shard
      try {
        return await work(shard)
      } finally {
        this.#hold(shard)
      }
    } finally {
      pin.writers -= 1
      if (pin.writers === 0) this.#pinned.delete(id)
    }
  }

  close(): void {
    this.#closed = true
    for (const shard of this.#held.values()) shard.letGo()
    this.#held.clear()
  }

  #isKnownToBeLatest({ id, revision }: OrganizationShard): boolean {
    const { store, model } = this.#context
    return store.known?.(id) === revision && store.known(environmentShard) === model.revision
  }

  async #isBehind(shard: OrganizationShard): Promise<boolean> {
    return (await this.#context.store.revision(shard.id)) > shard.revision
  }

  async #find(id: OrganizationId): Promise<OrganizationShard> {
    if (this.#closed) throw new StoreUnavailable('the engine is closed')
    return this.#held.get(id) ?? this.#pinned.get(id)?.shard ?? this.#load(id)
  }

  #load(id: OrganizationId): Promise<OrganizationShard> {
    const underWay = this.#loading.get(id)
    if (underWay !== undefined) return underWay
    const loading = OrganizationShard.load(id, this.#context)
      .then((shard) => {
        this.#hold(shard)
        return shard
      })
      .finally(() => this.#loading.delete(id))
    this.#loading.set(id, loading)
    return loading
  }

  /** Anybody can ask for an organization that does not exist: those are not worth memory. */
  #hold(shard: OrganizationShard): void {
    if (shard.revision === 0 || this.#closed) return
    // It is weighed when it enters, and may have grown since.
    this.#held.delete(shard.id)
    this.#held.set(shard.id, shard)
  }
}
