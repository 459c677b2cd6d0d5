import type { EntityKind, Revision, ShardId } from '@bailiwick/core'
import { type DraftRow, encodeChanges } from '../store/draft-rows.js'
import { hasLookups, isUnique, type LookupName } from '../store/lookups.js'
import { netChanges, type StoredNow } from '../store/net-changes.js'
import type { AppendResult } from '../store/store.js'
import type { Database, Runner } from './database.js'

/** What an append comes to; an error is a bug of the caller. */
export type AppendOutcome = AppendResult | { readonly kind: 'bug'; readonly error: Error }

/** Decide about an append, and write it, in one transaction. Nothing is written unless it is `appended`. */
export function appendDrafts(
  database: Database,
  shard: ShardId,
  expected: Revision,
  drafts: readonly DraftRow[],
): Promise<AppendOutcome> {
  const reached = expected + drafts.length
  return database.writing(async (runner, undo): Promise<AppendOutcome> => {
    // First, and so the lock on the shard: whoever comes second waits here, and then finds another revision.
    if (!(await moveOn(runner, shard, expected, reached))) {
      const [row] = await runner.rows<[string]>('SELECT revision FROM {}.shards WHERE shard = $1', shard)
      return undo({ kind: 'conflict', revision: Number(row?.[0] ?? 0) } satisfies AppendOutcome)
    }
    const net = netChanges(shard, drafts, await storedNow(runner, drafts))
    if (net.kind !== 'changes') return undo(net)
    await removeGone(runner, shard, net.changes)
    await putEntities(runner, shard, net.changes)
    await putCommits(runner, shard, expected, drafts)
    return { kind: 'appended', revision: reached }
  })
}

async function moveOn(
  runner: Runner,
  shard: ShardId,
  expected: Revision,
  reached: Revision,
): Promise<boolean> {
  const moved =
    expected === 0
      ? await runner.run(
          'INSERT INTO {}.shards (shard, revision) VALUES ($1, $2) ON CONFLICT (shard) DO NOTHING',
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

/** What the drafts touch, as it is stored. Other shards go on meanwhile: unique keys notice what they change. */
async function storedNow(runner: Runner, drafts: readonly DraftRow[]): Promise<StoredNow> {
  const steps = drafts.flatMap(({ changes }) => changes)
  const homes = new Map<string, ShardId>()
  const holders = new Map<string, string>()
  const claims = steps.flatMap(({ lookups }) => lookups.filter(({ name }) => isUnique(name)))
  const rows = await runner.rows<[string, string, string, string]>(
    `SELECT 'home', entities.kind, entities.id, entities.shard
     FROM unnest($1::text[], $2::text[]) AS asked (kind, id)
     JOIN {}.entities AS entities ON entities.kind = asked.kind AND entities.id = asked.id
     UNION ALL
     SELECT 'holder', lookups.name, lookups.value, lookups.id
     FROM unnest($3::text[], $4::text[]) AS claimed (name, value)
     JOIN {}.lookups AS lookups ON lookups.name = claimed.name AND lookups.value = claimed.value`,
    steps.map(({ kind }) => kind),
    steps.map(({ id }) => id),
    claims.map(({ name }) => name),
    claims.map(({ value }) => value),
  )
  for (const [what, first, second, found] of rows) {
    if (what === 'home') homes.set(keyOf(first, second), found as ShardId)
    else holders.set(keyOf(first, second), found)
  }
  return {
    homeOf: (kind, id) => homes.get(keyOf(kind, id)),
    holderOf: ({ name, value }) => holders.get(keyOf(name, value)),
  }
}

/** Kinds and names of look-ups have no spaces. */
function keyOf(kind: EntityKind | LookupName | string, id: string): string {
  return `${kind} ${id}`
}

type Steps = DraftRow['changes']

async function removeGone(runner: Runner, shard: ShardId, steps: Steps): Promise<void> {
  const gone = steps.filter(({ op }) => op === 'remove')
  if (gone.length > 0) {
    await runner.run(
      `DELETE FROM {}.entities AS entities USING unnest($2::text[], $3::text[]) AS gone (kind, id)
       WHERE entities.shard = $1 AND entities.kind = gone.kind AND entities.id = gone.id`,
      shard,
      gone.map(({ kind }) => kind),
      gone.map(({ id }) => id),
    )
  }
  // A unique value may go from one entity to another: all are let go before any is taken.
  const found = steps.filter(({ kind }) => hasLookups(kind))
  if (found.length === 0) return
  await runner.run(
    `DELETE FROM {}.lookups AS lookups USING unnest($1::text[], $2::text[]) AS touched (kind, id)
     WHERE lookups.kind = touched.kind AND lookups.id = touched.id`,
    found.map(({ kind }) => kind),
    found.map(({ id }) => id),
  )
}

async function putEntities(runner: Runner, shard: ShardId, steps: Steps): Promise<void> {
  const put = steps.filter(({ op }) => op === 'put')
  if (put.length > 0) {
    await runner.run(
      `INSERT INTO {}.entities (shard, kind, id, entity)
       SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[])
       ON CONFLICT (shard, kind, id) DO UPDATE SET entity = excluded.entity`,
      shard,
      put.map(({ kind }) => kind),
      put.map(({ id }) => id),
      put.map(({ json }) => json),
    )
  }
  const lookups = put.flatMap(({ kind, id, lookups: named }) => named.map((each) => ({ kind, id, ...each })))
  if (lookups.length === 0) return
  await runner.run(
    'INSERT INTO {}.lookups (name, value, id, kind) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])',
    lookups.map(({ name }) => name),
    lookups.map(({ value }) => value),
    lookups.map(({ id }) => id),
    lookups.map(({ kind }) => kind),
  )
}

async function putCommits(
  runner: Runner,
  shard: ShardId,
  expected: Revision,
  drafts: readonly DraftRow[],
): Promise<void> {
  await runner.run(
    `INSERT INTO {}.commits (shard, revision, at, changes)
     SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::text[]) AS drafts (revision, at, changes)
     ORDER BY revision`,
    shard,
    drafts.map((_, n) => expected + n + 1),
    drafts.map(({ at }) => at),
    drafts.map(({ changes }) => encodeChanges(changes)),
  )
}
