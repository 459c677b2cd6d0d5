import type { ShardId } from '@bailiwick/core'
import type { DraftRow } from '../store/draft-rows.js'
import { isUnique } from '../store/lookups.js'
import type { StoredNow } from '../store/net-changes.js'
import type { Runner } from './database.js'
import { keyOf } from './first-steps.js'

/** What the drafts touch, as it is stored. Other shards go on meanwhile: unique keys notice what they change. */
export async function storedNow(runner: Runner, drafts: readonly DraftRow[]): Promise<StoredNow> {
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
