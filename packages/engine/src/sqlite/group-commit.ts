import type { EntityKind, Revision, ShardId } from '@bailiwick/core'
import { netChanges } from '../store/net-changes.js'
import type { AppendResult } from '../store/store.js'
import type { Watchers } from '../store/watchers.js'
import type { Connection } from './connect.js'
import { commitChecksum, type DraftRow, encodeChanges, entityChecksum } from './rows.js'
import { storeError } from './sqlite-errors.js'

interface Append {
  readonly shard: ShardId
  readonly expected: Revision
  readonly drafts: readonly DraftRow[]
  readonly resolve: (result: AppendResult) => void
  readonly reject: (error: unknown) => void
}

type Outcome = AppendResult | { readonly kind: 'bug'; readonly error: Error }

/**
 * Appends that are issued in one turn of the event loop share one transaction, and so one flush of the disk,
 * which costs far more than the rest. Each is decided alone and in order, and none is answered before the flush.
 */
export class GroupCommit {
  readonly #waiting: Append[] = []

  constructor(
    private readonly connection: Connection,
    private readonly watchers: Watchers,
  ) {}

  append(shard: ShardId, expected: Revision, drafts: readonly DraftRow[]): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#commitNext())
      this.#waiting.push({ shard, expected, drafts, resolve, reject })
    })
  }

  /** Commit whatever waits, now. */
  drain(): void {
    while (this.#waiting.length > 0) this.#commit(this.#waiting.splice(0, groupSize))
  }

  #commitNext(): void {
    this.#commit(this.#waiting.splice(0, groupSize))
    if (this.#waiting.length > 0) setImmediate(() => this.#commitNext())
  }

  #commit(group: readonly Append[]): void {
    if (group.length === 0) return
    let outcomes: readonly Outcome[]
    try {
      outcomes = this.#transact(group)
    } catch (cause) {
      // Not even a conflict is certain now: it may be with a neighbour whose commit is gone.
      const error = storeError(cause, 'writing to the store')
      for (const { reject } of group) reject(error)
      return
    }
    for (const [n, { shard, expected, resolve, reject }] of group.entries()) {
      const outcome = outcomes[n] as Outcome
      if (outcome.kind === 'bug') {
        reject(outcome.error)
        continue
      }
      if (outcome.kind === 'appended') this.watchers.tell(shard, expected, outcome.revision)
      resolve(outcome)
    }
  }

  #transact(group: readonly Append[]): readonly Outcome[] {
    const { sql, statements } = this.connection
    const { begin, commit, rollback } = statements
    // Left over only if the rollback below failed as well.
    if (sql.inTransaction) rollback.run()
    begin.run()
    try {
      const outcomes = group.map((append) => this.#apply(append))
      commit.run()
      return outcomes
    } catch (error) {
      // A full disk or an I/O error may have rolled back already.
      if (sql.inTransaction) rollback.run()
      throw error
    }
  }

  #apply({ shard, expected, drafts }: Append): Outcome {
    const { home, shard: shardRow, putShard, putCommit, putEntity, removeEntity } = this.connection.statements
    const [revision, entities] = (shardRow.get(shard) as [number, number] | undefined) ?? [0, 0]
    if (revision !== expected) return { kind: 'conflict', revision }
    const homeOf = (kind: EntityKind, id: string) =>
      (home.get(kind, id) as [Buffer] | undefined)?.[0].toString() as ShardId | undefined
    const net = netChanges(shard, drafts, homeOf)
    if (net.kind !== 'changes') return net

    for (const { op, kind, id, json } of net.changes) {
      if (op === 'put') putEntity.run(shard, kind, id, json, entityChecksum(shard, kind, json))
      else removeEntity.run(shard, kind, id)
    }
    for (const [n, { at, changes }] of drafts.entries()) {
      const json = encodeChanges(changes)
      putCommit.run(shard, expected + n + 1, at, json, commitChecksum(shard, expected + n + 1, at, json))
    }
    const reached = expected + drafts.length
    putShard.run(shard, reached, entities + net.growth)
    return { kind: 'appended', revision: reached }
  }
}

/** So many appends at most hold up the event loop together. */
const groupSize = 256
