import {
  type Commit,
  EntityExists,
  isAuthorizationError,
  type OrganizationId,
  type Revision,
  StoreUnavailable,
  type Timestamp,
  WriteContended,
} from '@bailiwick/core'
import type { Command } from '../commands/command.js'
import type { Environment } from '../environment/environment.js'
import { OrganizationGraph } from '../graph/organization-graph.js'
import type { UlidSource } from '../new-id.js'
import type { CommitDraft, Store } from '../store/store.js'
import { composeDrafts, type PendingWrite, type WriteDone } from './compose-drafts.js'

/** What a shard needs from the engine that holds it. */
export interface ShardContext {
  readonly store: Store
  readonly environment: Environment
  readonly now: () => Timestamp
  readonly ulid: UlidSource
}

const mostAttempts = 10
const mostWritesAtOnce = 256

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
  #stale = false
  #queue: PendingWrite[] = []
  #writing = false
  #reloading: Promise<void> | undefined

  private constructor(
    readonly id: OrganizationId,
    graph: OrganizationGraph,
    revision: Revision,
    private readonly context: ShardContext,
  ) {
    this.#graph = graph
    this.#revision = revision
  }

  static async load(id: OrganizationId, context: ShardContext): Promise<OrganizationShard> {
    const { graph, revision } = await loadGraph(id, context)
    return new OrganizationShard(id, graph, revision, context)
  }

  get graph(): OrganizationGraph {
    return this.#graph
  }

  get revision(): Revision {
    return this.#revision
  }

  /** Whether a write failed with its outcome unknown: then memory is not believed until it is read again. */
  get stale(): boolean {
    return this.#stale
  }

  /** Run a command; resolves once what it changed is durable. */
  write<Value>(command: Command<Value>): Promise<WriteDone<Value>> {
    return new Promise<WriteDone<Value>>((resolve, reject) => {
      this.#queue.push({
        command,
        resolve: resolve as (done: WriteDone<unknown>) => void,
        reject,
        attempts: 0,
      })
      if (!this.#writing) void this.#drain()
    })
  }

  /** Apply what other writers of the same store have committed since. */
  async catchUp(): Promise<void> {
    if (this.#stale) return this.#reload()
    for (const commit of await this.context.store.commitsSince(this.id, this.#revision)) this.#follow(commit)
  }

  async #drain(): Promise<void> {
    this.#writing = true
    try {
      while (this.#queue.length > 0) await this.#writeBatch(this.#queue.splice(0, mostWritesAtOnce))
    } finally {
      this.#writing = false
    }
  }

  async #writeBatch(batch: readonly PendingWrite[]): Promise<void> {
    let composed: ReturnType<typeof composeDrafts>
    try {
      if (this.#stale) await this.#reload()
      // A refusal, or "it is so already", is never held against a revision: so it must be judged by the latest.
      else if (this.context.store.access === 'shared') await this.catchUp()
      composed = composeDrafts(this.#graph, batch, { at: this.context.now(), ulid: this.context.ulid })
    } catch (cause) {
      return this.#fail(batch, cause)
    }
    const [first, ...others] = composed.drafts
    if (first === undefined) return composed.settle(this.#revision)
    const expected = this.#revision
    try {
      const result = await this.context.store.append(this.id, expected, [first, ...others])
      switch (result.kind) {
        case 'appended':
          for (const [index, draft] of composed.drafts.entries())
            this.#follow(commitOf(this.id, expected + index + 1, draft))
          return composed.settle(expected)
        case 'conflict':
          await this.catchUp()
          return this.#again(batch)
        case 'taken': {
          const refused = composed.writers[result.draft]
          refused?.reject(new EntityExists(nounOf(result.entityKind), result.id))
          // Nobody was in the way of the others: this is no attempt of theirs.
          this.#queue = [...batch.filter((write) => write !== refused), ...this.#queue]
          return
        }
      }
    } catch (cause) {
      return this.#fail(batch, cause)
    }
  }

  #again(writes: readonly PendingWrite[]): void {
    const retried: PendingWrite[] = []
    for (const write of writes) {
      write.attempts += 1
      if (write.attempts < mostAttempts) retried.push(write)
      else write.reject(new WriteContended(this.id, write.attempts))
    }
    this.#queue = [...retried, ...this.#queue]
  }

  #fail(writes: readonly PendingWrite[], cause: unknown): void {
    this.#stale = true
    const error = isAuthorizationError(cause)
      ? cause
      : new StoreUnavailable(`writing \`${this.id}\` failed; whether it was stored is not known`, { cause })
    for (const write of writes) write.reject(error)
  }

  #follow(commit: Commit): void {
    if (commit.revision <= this.#revision) return
    if (commit.revision !== this.#revision + 1) {
      this.#stale = true
      throw new StoreUnavailable(
        `\`${this.id}\`: commit ${commit.revision} does not follow ${this.#revision}`,
      )
    }
    try {
      this.#graph.apply(commit.changes)
      this.#revision = commit.revision
    } catch (cause) {
      this.#stale = true
      throw new StoreUnavailable(`\`${this.id}\`: commit ${commit.revision} does not fit`, { cause })
    }
  }

  // One at a time: an older read that arrives late would take back what was committed meanwhile.
  #reload(): Promise<void> {
    this.#reloading ??= loadGraph(this.id, this.context)
      .then(({ graph, revision }) => {
        this.#graph = graph
        this.#revision = revision
        this.#stale = false
      })
      .finally(() => {
        this.#reloading = undefined
      })
    return this.#reloading
  }
}

async function loadGraph(id: OrganizationId, { store, environment }: ShardContext) {
  const loaded = await store.load(id)
  const graph = OrganizationGraph.build(environment, loaded?.entities ?? [])
  return { graph, revision: loaded?.revision ?? 0 }
}

function commitOf(shard: OrganizationId, revision: Revision, draft: CommitDraft): Commit {
  return { shard, revision, ...draft }
}

function nounOf(kind: string): 'organization' | 'membership' | 'resource' {
  return kind === 'organization' || kind === 'membership' ? kind : 'resource'
}
