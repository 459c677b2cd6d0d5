import { type OrganizationId, type Revision, StoreUnavailable } from '@bailiwick/core'
import { applyChange } from '../graph/apply-change.js'
import { emptyGraph } from '../graph/empty-graph.js'
import { OrganizationGraph } from '../graph/organization-graph.js'
import { endsOrganization, type PendingWrite, type ShardChanges } from './compose-drafts.js'
import { loadGraph } from './load-graph.js'
import type { ShardContext } from './shard-context.js'
import { ShardWrites } from './shard-writes.js'

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
  readonly #writes: ShardWrites
  #reloading: Promise<void> | undefined
  #catchingUp: Promise<void> | undefined

  private constructor(
    readonly id: OrganizationId,
    graph: OrganizationGraph,
    revision: Revision,
    private readonly context: ShardContext,
  ) {
    this.#graph = graph
    this.#revision = revision
    this.#writes = new ShardWrites(this, context)
  }

  static async load(id: OrganizationId, context: ShardContext): Promise<OrganizationShard> {
    return loadGraph(id, context, (graph, revision) => new OrganizationShard(id, graph, revision, context))
  }

  get graph(): OrganizationGraph {
    return this.#graph
  }

  /** The graph for whoever changes it: one that is empty is shared, and left alone. */
  get ownGraph(): OrganizationGraph {
    const { environment, organization } = this.#graph
    if (organization === undefined && this.#graph === emptyGraph(environment))
      this.#replace(new OrganizationGraph(environment))
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

  /** At which revision whoever holds it weighed it last. */
  weighedAt = Number.NEGATIVE_INFINITY

  /** To be told when it is let go: whoever remembers a place in it asks for the organization again. */
  letGo(): void {
    this.#graph.records.renew()
  }

  /** Run a command; its writer is told once what it changed is durable. */
  write(write: PendingWrite): void {
    this.#writes.add(write)
  }

  /** Apply what other writers of the same store have committed since; those who ask meanwhile wait for the same. */
  catchUp(): Promise<void> {
    this.#catchingUp ??= this.#catchUp().finally(() => {
      this.#catchingUp = undefined
    })
    return this.#catchingUp
  }

  async #catchUp(): Promise<void> {
    if (this.stale) return this.reload()
    const commits = await this.context.store.commitsSince(this.id, this.#revision, mostSteps + 1)
    // Long forgotten: what it has become is read sooner than all that led there, and takes less room.
    if (commits.length > mostSteps) return this.reload()
    // The environment after them: they may rest on it, and it rests on none of them.
    if (this.context.model.mayBeBehind) await this.context.model.refresh()
    if (this.stale) return this.reload()
    for (const commit of commits) this.follow(commit)
  }

  /**
   * Apply a commit that is durable, if it is not yet.
   *
   * @param graph - Whether the graph has its changes.
   * @throws {StoreUnavailable} when it does not fit.
   */
  follow(commit: ShardChanges, graph: 'behind' | 'ahead' = 'behind'): void {
    if (commit.revision <= this.#revision) return
    if (commit.revision !== this.#revision + 1) {
      this.doubt()
      throw new StoreUnavailable(
        `\`${this.id}\`: commit ${commit.revision} does not follow ${this.#revision}`,
      )
    }
    try {
      // Everything goes with an organization, and taking it apart piece by piece would cost far more.
      if (endsOrganization(commit.changes))
        this.#replace(new OrganizationGraph(this.context.model.environment))
      else if (graph === 'behind') for (const change of commit.changes) applyChange(this.ownGraph, change)
      this.#writes.follow(commit)
      this.#revision = commit.revision
    } catch (cause) {
      this.doubt()
      throw new StoreUnavailable(`\`${this.id}\`: commit ${commit.revision} does not fit`, { cause })
    }
  }

  #replace(graph: OrganizationGraph): void {
    this.#graph.records.renew()
    this.#graph = graph
  }

  /** Nobody knows what it is, until it is read again. */
  doubt(): void {
    this.#doubted = true
    this.#graph.records.renew()
  }

  /** Read it again. One at a time: an older read that arrives late would take back what was committed meanwhile. */
  reload(): Promise<void> {
    this.#reloading ??= loadGraph(this.id, this.context, (graph, revision) => {
      this.#reloading = undefined
      // Written meanwhile: what was read is older than what is known.
      if (revision < this.#revision) return this.reload()
      this.#replace(graph)
      this.#revision = revision
      this.#writes.forget()
      this.#doubted = false
    }).catch((error: unknown) => {
      this.#reloading = undefined
      throw error
    })
    return this.#reloading
  }
}
