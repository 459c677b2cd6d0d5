import {
  type AnyEntity,
  type Commit,
  environmentShard,
  isAuthorizationError,
  type OrganizationId,
  type Origin,
  type Revision,
  type ShardId,
  StoreFull,
  StoreUnavailable,
} from '@bailiwick/core'
import type { Command } from '../commands/command.js'
import { applyChanges } from '../graph/apply-change.js'
import { OrganizationGraph } from '../graph/organization-graph.js'
import type { CommitDraft } from '../store/store.js'
import {
  type ComposedDrafts,
  composeDrafts,
  endsOrganization,
  type PendingWrite,
  type WriteDone,
} from './compose-drafts.js'
import { EntityMap, type EntityName } from './entity-map.js'
import { loadGraph } from './load-graph.js'
import type { ShardContext } from './shard-context.js'
import { takenError } from './taken-error.js'
import { WriteQueue } from './write-queue.js'

/** Drafts, and the revisions by which they were judged. */
interface Composed extends ComposedDrafts {
  readonly expected: Revision
  readonly given: { readonly shard: ShardId; readonly revision: Revision }
}

const mostReads = 10
const mostSteps = 5_000

/**
 * One organization in memory, and the only place where it is written.
 *
 * Writes queue here. Those that wait together are validated one after the other on the graph, appended as
 * commits of one transaction, and applied for readers only when that is durable: no check ever sees a change
 * that may still be lost.
 */
export class OrganizationShard {
  #graph: OrganizationGraph
  #revision: Revision
  #doubted = false
  readonly #queue: WriteQueue
  #writing = false
  #reloading: Promise<void> | undefined
  #catchingUp: Promise<void> | undefined
  /** What the batch under way has asked to be read. It follows every commit, as the graph does. */
  readonly #read = new EntityMap()

  private constructor(
    readonly id: OrganizationId,
    graph: OrganizationGraph,
    revision: Revision,
    private readonly context: ShardContext,
  ) {
    this.#graph = graph
    this.#revision = revision
    this.#queue = new WriteQueue(id)
  }

  static async load(id: OrganizationId, context: ShardContext): Promise<OrganizationShard> {
    return loadGraph(id, context, (graph, revision) => new OrganizationShard(id, graph, revision, context))
  }

  get graph(): OrganizationGraph {
    return this.#graph
  }

  get revision(): Revision {
    return this.#revision
  }

  /**
   * Whether it must be read again before it is believed: a write failed with its outcome unknown, or it is of an
   * environment that is no more.
   */
  get stale(): boolean {
    return this.#doubted || this.#graph.environment !== this.context.model.environment
  }

  /** To be told when it is let go: whoever remembers a place in it asks for the organization again. */
  letGo(): void {
    this.#graph.records.renew()
  }

  /** Run a command; resolves once what it changed is durable. */
  write<Value>(command: Command<Value>, origin?: Origin): Promise<WriteDone<Value>> {
    return new Promise<WriteDone<Value>>((resolve, reject) => {
      this.#queue.add({
        command,
        origin,
        resolve: resolve as (done: WriteDone<unknown>) => void,
        reject,
        attempts: 0,
      })
      if (!this.#writing) void this.#drain()
    })
  }

  /** Apply what other writers of the same store have committed since; those who ask meanwhile wait for the same. */
  catchUp(): Promise<void> {
    this.#catchingUp ??= this.#catchUp().finally(() => {
      this.#catchingUp = undefined
    })
    return this.#catchingUp
  }

  async #catchUp(): Promise<void> {
    if (this.stale) return this.#reload()
    const commits = await this.context.store.commitsSince(this.id, this.#revision, mostSteps + 1)
    // Long forgotten: what it has become is read sooner than all that led there, and takes less room.
    if (commits.length > mostSteps) return this.#reload()
    // The environment after them: they may rest on it, and it rests on none of them.
    if (this.context.model.mayBeBehind) await this.context.model.refresh()
    if (this.stale) return this.#reload()
    for (const commit of commits) this.#follow(commit)
  }

  async #drain(): Promise<void> {
    this.#writing = true
    try {
      while (!this.#queue.isEmpty) await this.#writeBatch(this.#queue.take())
    } finally {
      this.#writing = false
    }
  }

  async #writeBatch(waiting: readonly PendingWrite[]): Promise<void> {
    let composed: Composed
    try {
      composed = await this.#compose(waiting)
    } catch (cause) {
      return this.#fail(waiting, cause)
    }
    const batch = waiting.slice(0, composed.run)
    this.#queue.putBack(waiting.slice(composed.run))
    const [first, ...others] = composed.drafts
    const { expected, given } = composed
    try {
      // A refusal, or "it is so already", is held against no revision by an append: it must be of the latest.
      if (first === undefined) {
        if (await this.#isLatest(composed)) return this.#settle(composed, expected)
        await this.catchUp()
        return this.#queue.putBackOnce(batch)
      }
      const result = await this.context.store.append(this.id, expected, [first, ...others], { given })
      switch (result.kind) {
        case 'appended':
          for (const [index, draft] of composed.drafts.entries())
            this.#follow(commitOf(this.id, expected + index + 1, draft))
          return this.#settle(composed, expected)
        case 'conflict':
          await this.catchUp()
          // The model has changed, and nobody was in the way but that: this is no attempt of theirs.
          if (result.revision === expected) this.#queue.putBack(batch)
          else this.#queue.putBackOnce(batch)
          return
        case 'refused':
          throw new Error('an append was refused without having been asked about')
        case 'taken': {
          const refused = composed.writers[result.draft]
          refused?.reject(takenError(result))
          // Nobody was in the way of the others: this is no attempt of theirs.
          this.#queue.putBack(batch.filter((write) => write !== refused))
          return
        }
      }
    } catch (cause) {
      if (cause instanceof StoreFull && composed.writers.length > 1) return this.#queue.putBackApart(batch)
      return this.#fail(batch, cause)
    }
  }

  /** Run commands on what is known here, after reading the entities that they need as a whole. */
  async #compose(batch: readonly PendingWrite[]): Promise<Composed> {
    for (let reads = 0; ; reads++) {
      if (this.stale) await this.#reload()
      const composed = this.#composeNow(batch)
      // What they were judged by: a reader may move the shard on before they are appended.
      const given: Composed['given'] = { shard: environmentShard, revision: this.context.model.revision }
      if (composed.kind === 'drafts') return { ...composed, expected: this.#revision, given }
      if (reads === mostReads)
        throw new Error(`the store lacks ${composed.names.map(({ id }) => id).join(', ')}`)
      // Somebody else may have removed what is missing.
      if (!(await this.#readWhole(composed.names)) && this.context.store.access === 'shared')
        await this.catchUp()
    }
  }

  /** Whether nobody else has changed what they were judged by. */
  async #isLatest({ expected, given }: Composed): Promise<boolean> {
    const { store } = this.context
    if (store.access === 'exclusive') return true
    const [here, environment] = await Promise.all([store.revision(this.id), store.revision(given.shard)])
    return here <= expected && environment <= given.revision
  }

  #composeNow(batch: readonly PendingWrite[]): ReturnType<typeof composeDrafts> {
    const { now, ulid } = this.context
    try {
      return composeDrafts(this.#graph, batch, { at: now(), ulid, read: this.#read })
    } catch (cause) {
      // Broken off half-way, and nobody may read what that left.
      this.#doubt()
      throw cause
    }
  }

  /** @returns whether all of them were there. */
  async #readWhole(names: readonly EntityName[]): Promise<boolean> {
    const located = await Promise.all(names.map(({ kind, id }) => this.context.store.find(kind, id)))
    let areAllThere = true
    for (const [index, { kind }] of names.entries()) {
      const found = located[index]
      // The store pairs each kind with its entity, which the type of a list cannot say.
      if (found?.shard === this.id) this.#read.set({ kind, entity: found.entity } as AnyEntity)
      else areAllThere = false
    }
    return areAllThere
  }

  #settle(composed: ComposedDrafts, expected: Revision): void {
    this.#read.clear()
    composed.settle(expected)
  }

  #fail(writes: readonly PendingWrite[], cause: unknown): void {
    // Of a full disk it is known that nothing was stored.
    if (!(cause instanceof StoreFull)) this.#doubt()
    const error = isAuthorizationError(cause)
      ? cause
      : new StoreUnavailable(`writing \`${this.id}\` failed; whether it was stored is not known`, { cause })
    for (const write of writes) write.reject(error)
  }

  #follow(commit: Commit): void {
    if (commit.revision <= this.#revision) return
    if (commit.revision !== this.#revision + 1) {
      this.#doubt()
      throw new StoreUnavailable(
        `\`${this.id}\`: commit ${commit.revision} does not follow ${this.#revision}`,
      )
    }
    try {
      // Everything goes with an organization, and taking it apart piece by piece would cost far more.
      if (endsOrganization(commit.changes))
        this.#replace(new OrganizationGraph(this.context.model.environment))
      else applyChanges(this.#graph, commit.changes)
      this.#read.follow(commit.changes)
      this.#revision = commit.revision
    } catch (cause) {
      this.#doubt()
      throw new StoreUnavailable(`\`${this.id}\`: commit ${commit.revision} does not fit`, { cause })
    }
  }

  #replace(graph: OrganizationGraph): void {
    this.#graph.records.renew()
    this.#graph = graph
  }

  #doubt(): void {
    this.#doubted = true
    this.#graph.records.renew()
  }

  // One at a time: an older read that arrives late would take back what was committed meanwhile.
  #reload(): Promise<void> {
    this.#reloading ??= loadGraph(this.id, this.context, (graph, revision) => {
      this.#reloading = undefined
      // Written meanwhile: what was read is older than what is known.
      if (revision < this.#revision) return this.#reload()
      this.#replace(graph)
      this.#revision = revision
      this.#read.clear()
      this.#doubted = false
    }).catch((error: unknown) => {
      this.#reloading = undefined
      throw error
    })
    return this.#reloading
  }
}

function commitOf(shard: OrganizationId, revision: Revision, draft: CommitDraft): Commit {
  return { shard, revision, ...draft }
}
