import {
  environmentShard,
  type OrganizationId,
  type Origin,
  type Revision,
  type ShardId,
  StoreUnavailable,
} from '@bailiwick/core'
import { LRUCache } from 'lru-cache'
import type { Command } from '../commands/command.js'
import type { WriteDone } from './compose-drafts.js'
import { NearShards } from './near-shards.js'
import { OrganizationShard } from './organization-shard.js'
import type { ShardContext } from './shard-context.js'

const mostAttempts = 10
const commitsBetweenWeighings = 64

/**
 * How new an organization must be where others write to the same store: as new as that is now, or as new as the store
 * has heard by itself, which is at most a second behind.
 */
export type Currency = 'strong' | 'bounded'

/** A command, and what its caller is told. */
export interface OrganizationWrite<Value, Answer> {
  readonly command: Command<Value>
  readonly origin: Origin | undefined
  readonly answer: (done: WriteDone<Value>) => Answer
}

/** How organizations are held. */
export interface OrganizationsOptions {
  readonly maxMemoryBytes: number
  /** How new they are where nobody says. */
  readonly currency: Currency
}

/**
 * The organizations held in memory: each loaded when first asked for, the least recently used let go when the
 * bound on memory is reached.
 */
export class Organizations {
  readonly #held: LRUCache<OrganizationId, OrganizationShard>
  /** Some of those held. They are asked for without being moved up among the held: see `#renewNear`. */
  readonly #near = new NearShards()
  /** Being written: there must be one copy of them only, also when they are let go meanwhile. */
  readonly #pinned = new Map<
    OrganizationId,
    { readonly shard: OrganizationShard | Promise<OrganizationShard>; writers: number }
  >()
  readonly #loading = new Map<OrganizationId, Promise<OrganizationShard>>()
  readonly #context: ShardContext
  readonly #currency: Currency
  readonly #maxBytes: number
  #closed = false

  constructor(context: ShardContext, { maxMemoryBytes, currency }: OrganizationsOptions) {
    this.#context = context
    this.#currency = currency
    this.#maxBytes = maxMemoryBytes
    this.#held = new LRUCache<OrganizationId, OrganizationShard>({
      maxSize: maxMemoryBytes,
      // One organization alone may exceed the bound: it is held all the same, with nothing beside it.
      sizeCalculation: ({ graph }) => Math.min(graph.bytes, maxMemoryBytes),
      // What is deleted is weighed again, or closed: see `#hold` and `close`.
      dispose: (shard, _, reason) => reason === 'delete' || this.#letGo(shard),
    })
    context.model.watch(() => {
      for (const shard of this.#held.values()) shard.letGo()
    })
  }

  /** Whether others may write them: then whoever remembers a place in one asks for it again each time. */
  get areShared(): boolean {
    return this.#context.store.access === 'shared'
  }

  /** The organization if it is in memory and can be read as it is, without waiting. */
  warm(id: OrganizationId, currency: Currency = this.#currency): OrganizationShard | undefined {
    const shard = this.#findHeld(id)
    if (shard === undefined || shard.stale) return undefined
    if (!this.areShared) return shard
    return currency === 'bounded' && this.#isKnownToBeLatest(shard) ? shard : undefined
  }

  /** The organization as new as it must be. One that does not exist is an empty shard at revision 0. */
  async open(id: OrganizationId, currency: Currency = this.#currency): Promise<OrganizationShard> {
    const shard = await this.#find(id)
    const { model } = this.#context
    // Asked together, they are one question to the store.
    const [here, environment] = this.areShared
      ? await Promise.all([this.#latest(id, currency), this.#latest(environmentShard, currency)])
      : [0, 0]
    const isBehind = () => shard.stale || shard.revision < here || model.revision < environment
    if (!isBehind()) return shard
    for (let attempt = 1; isBehind(); attempt++) {
      if (attempt > mostAttempts)
        throw new StoreUnavailable(`the store does not tell what has come to \`${id}\``)
      await shard.catchUp()
    }
    if (this.#held.peek(id) === shard) this.#hold(shard)
    return shard
  }

  /**
   * Run a command with the one copy of the organization that there is.
   *
   * @param answer - What the caller is told of what the command did, once that is durable.
   */
  write<Value, Answer>(
    id: OrganizationId,
    { command, origin, answer }: OrganizationWrite<Value, Answer>,
  ): Promise<Answer> {
    const pin = this.#pinned.get(id) ?? { shard: this.#findHeld(id) ?? this.#find(id), writers: 0 }
    this.#pinned.set(id, pin)
    pin.writers += 1
    const letGo = () => {
      pin.writers -= 1
      if (pin.writers === 0) this.#pinned.delete(id)
    }
    // The one promise of a write: each is cheap, but not after the wait for a disk.
    return new Promise<Answer>((resolve, reject) => {
      const failed = (error: unknown) => {
        letGo()
        reject(error)
      }
      const writeTo = (shard: OrganizationShard) =>
        shard.write({
          command,
          origin,
          attempts: 0,
          resolve: (done) => {
            this.#hold(shard)
            letGo()
            // Of this command, which the queue of all commands cannot say.
            resolve(answer(done as WriteDone<Value>))
          },
          reject: (error) => {
            this.#hold(shard)
            failed(error)
          },
        })
      if (pin.shard instanceof Promise) pin.shard.then(writeTo, failed)
      else writeTo(pin.shard)
    })
  }

  close(): void {
    this.#closed = true
    for (const shard of this.#held.values()) shard.letGo()
    this.#held.clear()
    this.#near.clear()
  }

  #letGo(shard: OrganizationShard): void {
    this.#near.clear()
    shard.letGo()
  }

  #findHeld(id: OrganizationId): OrganizationShard | undefined {
    const near = this.#near.find(id)
    if (near !== undefined) return near
    const held = this.#held.get(id)
    if (held !== undefined) this.#near.add(held)
    return held
  }

  #isKnownToBeLatest({ id, revision }: OrganizationShard): boolean {
    const { store, model } = this.#context
    const [here, environment] = [store.known?.(id), store.known?.(environmentShard)]
    return (
      here !== undefined && environment !== undefined && here <= revision && environment <= model.revision
    )
  }

  #latest(shard: ShardId, currency: Currency): Revision | Promise<Revision> {
    const { store } = this.#context
    return (currency === 'bounded' ? store.known?.(shard) : undefined) ?? store.revision(shard)
  }

  async #find(id: OrganizationId): Promise<OrganizationShard> {
    if (this.#closed) throw new StoreUnavailable('the engine is closed')
    return this.#findHeld(id) ?? this.#pinned.get(id)?.shard ?? this.#load(id)
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
    // It is weighed when it enters, and now and then as it grows: to look at every table takes longer than a command.
    const isHeld = this.#held.peek(shard.id) === shard
    if (isHeld && shard.revision - shard.weighedAt < commitsBetweenWeighings) return
    shard.weighedAt = shard.revision
    const { bytes } = shard.graph
    if (this.#held.calculatedSize + bytes > this.#maxBytes) this.#renewNear()
    if (!isHeld) this.#near.clear()
    this.#held.delete(shard.id)
    this.#held.set(shard.id, shard)
  }

  /** Before any is let go: those asked for since are the most recently used. */
  #renewNear(): void {
    for (const { id } of this.#near.takeAsked()) this.#held.get(id)
  }
}
