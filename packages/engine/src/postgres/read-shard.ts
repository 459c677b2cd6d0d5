import type { AnyEntity, EntityKind, Revision, ShardId } from '@bailiwick/core'
import type { TakePage } from '../store/store.js'
import type { Runner } from './database.js'

/** One query hands over a few megabytes at most. */
const entitiesPerQuery = 5_000

/**
 * Read a shard page by page, one kind after the other in the given order, and never hold more than a page of it.
 *
 * @param runner - Reads everything as of one moment.
 */
export async function readShard(
  runner: Runner,
  shard: ShardId,
  kinds: readonly EntityKind[],
  take: TakePage,
): Promise<Revision> {
  const [at] = await runner.rows<[string]>('SELECT revision FROM {}.shards WHERE shard = $1', shard)
  if (at === undefined) return 0
  if (!(await readAtOnce(runner, shard, kinds, take)))
    for (const kind of kinds) await readKind(runner, shard, kind, take)
  return Number(at[0])
}

/** Most shards are small, and are read in one query. @returns whether this one is. */
async function readAtOnce(
  runner: Runner,
  shard: ShardId,
  kinds: readonly EntityKind[],
  take: TakePage,
): Promise<boolean> {
  // A row for each kind: to hand over one for each entity takes longer than all the rest.
  const rows = await runner.rows<[EntityKind, string, string]>(
    `SELECT kind, count(*), string_agg(entity, ',')
     FROM (SELECT kind, entity FROM {}.entities WHERE shard = $1 LIMIT $2) AS page
     GROUP BY kind`,
    shard,
    entitiesPerQuery,
  )
  if (rows.reduce((sum, [, count]) => sum + Number(count), 0) >= entitiesPerQuery) return false
  const ordered = rows.toSorted(([one], [other]) => kinds.indexOf(one) - kinds.indexOf(other))
  for (const [kind, , json] of ordered) take(entitiesIn(kind, json))
  return true
}

async function readKind(runner: Runner, shard: ShardId, kind: EntityKind, take: TakePage): Promise<void> {
  for (let after = ''; ; ) {
    const [row] = await runner.rows<[string, string | null, string | null]>(
      `SELECT count(*), max(id), string_agg(entity, ',')
       FROM (
         SELECT id, entity FROM {}.entities WHERE shard = $1 AND kind = $2 AND id > $3 ORDER BY id LIMIT $4
       ) AS page`,
      shard,
      kind,
      after,
      entitiesPerQuery,
    )
    const [count, last, json] = row ?? ['0', null, null]
    if (last === null || json === null) return
    take(entitiesIn(kind, json))
    if (Number(count) < entitiesPerQuery) return
    after = last
  }
}

function entitiesIn(kind: EntityKind, json: string): readonly AnyEntity[] {
  // The kind belongs to the entity, which their types apart cannot say.
  return (JSON.parse(`[${json}]`) as AnyEntity['entity'][]).map((entity) => ({ kind, entity }) as AnyEntity)
}
