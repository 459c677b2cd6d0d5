import {
  type AnyEntity,
  environmentShard,
  isAuthorizationError,
  type OrganizationId,
  type Revision,
  StoreFull,
  StoreUnavailable,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { appendLate } from '../store/append-late.js'
import type { Appending, AppendResult, LateAppend, ShardRevision, Telling } from '../store/store.js'
import {
  type ComposedDrafts,
  composeDrafts,
  type PendingWrite,
  type ShardChanges,
  settle,
  takeBack,
} from './compose-drafts.js'
import { EntityMap, type EntityName } from './entity-map.js'
import type { ShardContext } from './shard-context.js'
import { takenError } from './taken-error.js'
import { WriteQueue } from './write-queue.js'

/** What is written: an organization in memory. */
export interface WrittenShard {
  readonly id: OrganizationId
  /** Its graph, which is tried out on and changed: nobody else's. */
  readonly ownGraph: OrganizationGraph
  readonly revision: Revision
  /** Whether it must be read again before it is believed. */
  readonly stale: boolean
  reload(): Promise<void>
  catchUp(): Promise<void>
  follow(commit: ShardChanges, graph: 'behind' | 'ahead'): void
  doubt(): void
}

/** Writes that are judged, and on their way to the store. */
interface UnderWay {
  readonly composed: ComposedDrafts
  readonly batch: readonly PendingWrite[]
  /** The revisions by which they were judged. */
  readonly expected: Revision
  readonly given: ShardRevision
  /** How many of the drafts the graph has, and nobody may read before they are stored. */
  ahead: number
}

const mostReads = 10

/**
 * The writes of one organization. Those that wait when the store is about to write are judged together, one after the
 * other on the graph, and appended as commits of one transaction; each is answered in the turn in which that is
 * durable, and readers see it then.
 */
export class ShardWrites {
  readonly #queue: WriteQueue
  /** What the batch under way has asked to be read. It follows every commit, as the graph does. */
  readonly #read = new EntityMap()
  /** Whether the store was asked for a turn, or what must be read before the next one is on its way. */
  #isBusy = false
  #underWay: UnderWay | undefined
  /** How many times something had to be read for those who are next. */
  #reads = 0
  readonly #late: LateAppend

  constructor(
    private readonly shard: WrittenShard,
    private readonly context: ShardContext,
  ) {
    this.#queue = new WriteQueue(shard.id)
    this.#late = {
      make: (telling) => this.#make(telling),
      delayed: () => this.#takeBack(),
      done: (result) => this.#done(result),
      failed: (error) => this.#failed(error),
    }
  }

  add(write: PendingWrite): void {
    this.#queue.add(write)
    this.#begin()
  }

  /** The graph has followed a commit. */
  follow(commit: ShardChanges): void {
    this.#read.follow(commit.changes)
  }

  /** The graph was read anew. */
  forget(): void {
    this.#read.clear()
  }

  #begin(): void {
    if (this.#isBusy || this.#queue.isEmpty) return
    this.#isBusy = true
    appendLate(this.context.store, this.shard.id, this.#late)
  }

  #next(): void {
    this.#isBusy = false
    this.#begin()
  }

  /** Judge those who wait by what is known here. `undefined`: there is nothing to store, or something to read first. */
  #make(telling: Telling): Appending | undefined {
    const waiting = this.#queue.take()
    const { shard } = this
    if (shard.stale) return this.#aside(waiting, () => this.#again(waiting, shard.reload()))
    const { now, ulid, model } = this.context
    let composed: ReturnType<typeof composeDrafts>
    try {
      composed = composeDrafts(shard.ownGraph, waiting, { at: now(), ulid, read: this.#read })
    } catch (cause) {
      // Broken off half-way, and nobody may read what that left.
      return this.#aside(waiting, () => Promise.reject(cause))
    }
    if (composed.kind === 'needed') {
      const { names } = composed
      return this.#aside(waiting, () => this.#again(waiting, this.#readWhole(names)))
    }
    this.#reads = 0
    const { undo, drafts } = composed
    const batch = this.#keepRun(waiting, composed.run)
    const given: ShardRevision = { shard: environmentShard, revision: model.revision }
    const underWay: UnderWay = { composed, batch, expected: shard.revision, given, ahead: undo.length }
    if (!areSome(drafts)) return this.#storeNothing(underWay)
    this.#underWay = underWay
    if (telling !== 'in one piece') this.#takeBack()
    return { expected: underWay.expected, drafts, given }
  }

  /** Those who were run; the others wait for the next batch. */
  #keepRun(waiting: readonly PendingWrite[], run: number): readonly PendingWrite[] {
    if (run === waiting.length) return waiting
    this.#queue.putBack(waiting.slice(run))
    return waiting.slice(0, run)
  }

  // A refusal, or "it is so already", is held against no revision by an append: it must be of the latest.
  #storeNothing(judged: UnderWay): undefined {
    if (this.context.store.access === 'exclusive') {
      this.#settle(judged)
      this.#next()
      return undefined
    }
    return this.#aside(judged.batch, async () => {
      if (await this.#isLatest(judged)) {
        this.#settle(judged)
        return
      }
      await this.shard.catchUp()
      this.#queue.putBackOnce(judged.batch)
    })
  }

  /** Leave the graph without the drafts under way: others may read, and they are not stored. */
  #takeBack(): void {
    const underWay = this.#underWay
    if (underWay === undefined || underWay.ahead === 0) return
    underWay.ahead = 0
    try {
      takeBack(this.shard.ownGraph, underWay.composed.undo)
    } catch {
      // It is left half-way, and must be read again.
      this.shard.doubt()
    }
  }

  #done(result: AppendResult): void {
    if (result.kind !== 'appended') this.#takeBack()
    const underWay = this.#underWay as UnderWay
    this.#underWay = undefined
    const { batch, expected, composed } = underWay
    switch (result.kind) {
      case 'appended':
        try {
          let revision = expected
          const last = expected + underWay.ahead
          for (const { changes } of composed.drafts) {
            revision += 1
            this.shard.follow({ revision, changes }, revision <= last ? 'ahead' : 'behind')
          }
          this.#settle(underWay)
        } catch (cause) {
          this.#fail(batch, cause)
        }
        this.#next()
        return
      case 'conflict':
        this.#aside(batch, async () => {
          await this.shard.catchUp()
          // The model has changed, and nobody was in the way but that: this is no attempt of theirs.
          if (result.revision === expected) this.#queue.putBack(batch)
          else this.#queue.putBackOnce(batch)
        })
        return
      case 'refused':
        this.#fail(batch, new Error('an append was refused without having been asked about'))
        this.#next()
        return
      case 'taken': {
        const refused = composed.writers[result.draft]
        refused?.reject(takenError(result))
        // Nobody was in the way of the others: this is no attempt of theirs.
        this.#queue.putBack(batch.filter((write) => write !== refused))
        this.#next()
        return
      }
    }
  }

  #failed(cause: unknown): void {
    this.#takeBack()
    const batch = this.#underWay?.batch ?? this.#queue.take()
    const writers = this.#underWay?.composed.writers.length ?? 0
    this.#underWay = undefined
    if (cause instanceof StoreFull && writers > 1) this.#queue.putBackApart(batch)
    else this.#fail(batch, cause)
    this.#next()
  }

  /** Do what the next writes wait for. */
  #aside(waiting: readonly PendingWrite[], work: () => Promise<void>): undefined {
    void work()
      .catch((cause: unknown) => this.#fail(waiting, cause))
      .then(() => this.#next())
  }

  /** Have them judged again when something was read. */
  async #again(waiting: readonly PendingWrite[], reading: Promise<void>): Promise<void> {
    await reading
    this.#queue.putBack(waiting)
  }

  async #readWhole(names: readonly EntityName[]): Promise<void> {
    if (this.#reads === mostReads) {
      this.#reads = 0
      throw new Error(`the store lacks ${names.map(({ id }) => id).join(', ')}`)
    }
    this.#reads += 1
    const { store } = this.context
    const located = await Promise.all(names.map(({ kind, id }) => store.find(kind, id)))
    let areAllThere = true
    for (const [index, { kind }] of names.entries()) {
      const found = located[index]
      // The store pairs each kind with its entity, which the type of a list cannot say.
      if (found?.shard === this.shard.id) this.#read.set({ kind, entity: found.entity } as AnyEntity)
      else areAllThere = false
    }
    // Somebody else may have removed what is missing.
    if (!areAllThere && store.access === 'shared') await this.shard.catchUp()
  }

  /** Whether nobody else has changed what they were judged by. */
  async #isLatest({ expected, given }: UnderWay): Promise<boolean> {
    const { store } = this.context
    const [here, environment] = await Promise.all([
      store.revision(this.shard.id),
      store.revision(given.shard),
    ])
    return here <= expected && environment <= given.revision
  }

  #settle({ composed, expected }: UnderWay): void {
    this.#read.clear()
    settle(composed, expected)
  }

  #fail(writes: readonly PendingWrite[], cause: unknown): void {
    // Of a full disk it is known that nothing was stored.
    if (!(cause instanceof StoreFull)) this.shard.doubt()
    const error = isAuthorizationError(cause)
      ? cause
      : new StoreUnavailable(`writing \`${this.shard.id}\` failed; whether it was stored is not known`, {
          cause,
        })
    for (const write of writes) write.reject(error)
  }
}

function areSome<Item>(items: readonly Item[]): items is readonly [Item, ...Item[]] {
  return items.length > 0
}
