import { type ChangeRow, encodeChanges, encodeOrigin } from '../store/draft-rows.js'
import { hasLookups } from '../store/lookups.js'
import { netChanges } from '../store/net-changes.js'
import type { AppendResult, EntitySource, ShardRevision } from '../store/store.js'
import type { Append, AppendOutcome } from './append.js'
import type { Database, Runner } from './database.js'
import { storedNow } from './stored-now.js'

/**
 * Decide about an append and write it where there are neither functions nor locks to rely on: in plain statements, of a
 * transaction that comes to what it would come to if no other one ran. So an append that is given a shard either is
 * seen by whoever changes that, or finds it changed.
 *
 * The locks that statements take here keep nothing apart. They let one wait for the other, where both would be given up.
 *
 * @param readerOn - Entities as the transaction sees them.
 */
export function appendSerializably(
  database: Database,
  append: Append,
  readerOn: (runner: Runner) => EntitySource,
): Promise<AppendOutcome> {
  const { shard, expected, drafts, condition } = append
  const given = condition !== undefined && 'given' in condition ? condition.given : undefined
  const when = condition !== undefined && 'when' in condition ? condition.when : undefined
  const reached = expected + drafts.length
  return database.writing(async (runner, undo): Promise<AppendOutcome> => {
    // Before anything is looked through: whoever is given this shard waits from here on, and does not come in between.
    if (
      (given !== undefined && !(await isAsGiven(runner, given))) ||
      !(await moveOn(runner, append, reached))
    )
      return undo({ kind: 'conflict', revision: await revisionOf(runner, append) } satisfies AppendResult)
    if (when !== undefined && !(await when(readerOn(runner))))
      return undo({ kind: 'refused' } satisfies AppendResult)
    const net = netChanges(shard, drafts, await storedNow(runner, drafts))
    if (net.kind !== 'changes') return undo(net)
    await write(runner, append, net.changes)
    return { kind: 'appended', revision: reached }
  })
}

async function isAsGiven(runner: Runner, { shard, revision }: ShardRevision): Promise<boolean> {
  // What is not there cannot be waited for.
  if (revision === 0)
    await runner.run(
      'INSERT INTO {}.shards (shard, revision) VALUES ($1, 0) ON CONFLICT (shard) DO NOTHING',
      shard,
    )
  const [row] = await runner.rows<[string]>(
    'SELECT revision FROM {}.shards WHERE shard = $1 FOR SHARE',
    shard,
  )
  return Number(row?.[0] ?? 0) === revision
}

/** @returns whether the shard was where it was expected. */
async function moveOn(runner: Runner, { shard, expected }: Append, reached: number): Promise<boolean> {
  const moved =
    expected === 0
      ? await runner.run(
          `INSERT INTO {}.shards AS shards (shard, revision) VALUES ($1, $2)
           ON CONFLICT (shard) DO UPDATE SET revision = excluded.revision WHERE shards.revision = 0`,
          shard,
          reached,
        )
      : await runner.run(
          'UPDATE {}.shards SET revision = $3 WHERE shard = $1 AND revision = $2',
          shard,
          expected,
          reached,
        )
  return moved === 1
}

async function revisionOf(runner: Runner, { shard }: Append): Promise<number> {
  const [row] = await runner.rows<[string]>('SELECT revision FROM {}.shards WHERE shard = $1', shard)
  return Number(row?.[0] ?? 0)
}

async function write(
  runner: Runner,
  { shard, expected, drafts }: Append,
  changes: readonly ChangeRow[],
): Promise<void> {
  const gone = changes.filter(({ op }) => op === 'remove')
  const put = changes.filter(({ op }) => op === 'put')
  const found = changes.filter(({ kind }) => hasLookups(kind))
  const lookups = put.flatMap(({ kind, id, lookups: named }) => named.map((each) => ({ kind, id, ...each })))
  if (gone.length > 0)
    await runner.run(
      `DELETE FROM {}.entities
       WHERE shard = $1 AND (kind, id) IN (SELECT * FROM unnest($2::text[], $3::text[]))`,
      shard,
      gone.map(({ kind }) => kind),
      gone.map(({ id }) => id),
    )
  // A unique value may go from one entity to another: all are let go before any is taken.
  if (found.length > 0)
    await runner.run(
      'DELETE FROM {}.lookups WHERE (kind, id) IN (SELECT * FROM unnest($1::text[], $2::text[]))',
      found.map(({ kind }) => kind),
      found.map(({ id }) => id),
    )
  if (put.length > 0)
    await runner.run(
      `INSERT INTO {}.entities (shard, kind, id, entity)
       SELECT $1::text, put.kind, put.id, put.entity
       FROM unnest($2::text[], $3::text[], $4::text[]) AS put (kind, id, entity)
       ON CONFLICT (shard, kind, id) DO UPDATE SET entity = excluded.entity`,
      shard,
      put.map(({ kind }) => kind),
      put.map(({ id }) => id),
      put.map(({ json }) => json),
    )
  if (lookups.length > 0)
    await runner.run(
      `INSERT INTO {}.lookups (name, value, id, kind)
       SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])`,
      lookups.map(({ name }) => name),
      lookups.map(({ value }) => value),
      lookups.map(({ id }) => id),
      lookups.map(({ kind }) => kind),
    )
  await runner.run(
    `INSERT INTO {}.commits (shard, revision, at, origin, changes)
     SELECT $1::text, drafts.revision, drafts.at, drafts.origin, drafts.changes
     FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) AS drafts (revision, at, origin, changes)
     ORDER BY drafts.revision`,
    shard,
    drafts.map((_, n) => expected + n + 1),
    drafts.map(({ at }) => at),
    drafts.map((draft) => encodeOrigin(draft) ?? null),
    drafts.map(({ changes: steps }) => encodeChanges(steps)),
  )
}
