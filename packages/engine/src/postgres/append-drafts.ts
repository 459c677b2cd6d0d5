import type { ShardId } from '@bailiwick/core'
import type { DraftRow } from '../store/draft-rows.js'
import { netChanges, type StoredNow } from '../store/net-changes.js'
import type { AppendResult, EntitySource } from '../store/store.js'
import type { Append, AppendOutcome } from './append.js'
import { appendChange, oneChange } from './append-change.js'
import { appendSerializably } from './append-serializably.js'
import type { Database, Runner } from './database.js'
import { firstSteps, keyOf } from './first-steps.js'
import { guardOf } from './guard.js'
import { isInTheWay } from './postgres-errors.js'
import { storedNow } from './stored-now.js'
import { writeChanges } from './write-changes.js'

/**
 * Decide about an append, and write it. Most often nothing is in the way, and it is one statement; only when something
 * is, what is stored is looked at, to say what.
 *
 * @param readerOn - Entities as the transaction sees them.
 */
export async function appendDrafts(
  database: Database,
  append: Append,
  readerOn: (runner: Runner) => EntitySource,
): Promise<AppendOutcome> {
  if (database.server.apart === 'serializable') return appendSerializably(database, append, readerOn)
  const { shard, drafts, condition } = append
  const when = condition !== undefined && 'when' in condition ? condition.when : undefined
  if (when === undefined) {
    try {
      const result = await hopefully(database, append)
      if (result !== undefined) return result
    } catch (error) {
      if (!isInTheWay(error)) throw error
    }
  }
  return database.writing(async (runner, undo): Promise<AppendOutcome> => {
    if (when !== undefined) {
      await runner.rows('SELECT pg_advisory_xact_lock($1)', guardOf(database.schema, shard))
      if (!(await when(readerOn(runner)))) return undo({ kind: 'refused' } satisfies AppendOutcome)
    }
    const net = netChanges(shard, drafts, await storedNow(runner, drafts))
    if (net.kind === 'changes') return writeChanges(runner, append, net.changes)
    // What is taken, or gone, may be so for who knows the shard as it was; who does not, is told that first.
    const [row] = await runner.rows<[string]>('SELECT revision FROM {}.shards WHERE shard = $1', shard)
    const revision = Number(row?.[0] ?? 0)
    return undo(revision === append.expected ? net : ({ kind: 'conflict', revision } satisfies AppendOutcome))
  })
}

/** Write it as it is if nothing is in the way. */
function hopefully(database: Database, append: Append): Promise<AppendResult | undefined> | undefined {
  const one = oneChange(append)
  if (one !== undefined) return appendChange(database, one)
  const { shard, drafts } = append
  const hoped = netChanges(shard, drafts, asHoped(shard, drafts))
  if (hoped.kind !== 'changes') return undefined
  return database.writingOnce((runner) => writeChanges(runner, append, hoped.changes))
}

/** What is stored, if all is as the drafts take it to be: what they remove first is there, what they put is free. */
function asHoped(shard: ShardId, drafts: readonly DraftRow[]): StoredNow {
  const first = firstSteps(drafts)
  return {
    homeOf: (kind, id) => (first.get(keyOf(kind, id)) === 'remove' ? shard : undefined),
    holderOf: () => undefined,
  }
}
