import type { AnyEntity, Commit, Revision, ShardId } from '@bailiwick/core'
import { entityKinds } from '../store/entity-kinds.js'
import type { LoadedShard } from '../store/store.js'
import { headOf, type StoredState } from './append-drafts.js'
import { decodeLogRow, type LogRow } from './log-rows.js'
import { decodeEntities, type EntitiesRow, entityOf } from './rows.js'
import { damaged } from './sqlite-errors.js'
import { aboveAllTexts } from './statements.js'

/** The whole shard: what the tables have, save what the log says otherwise. */
export function loadShard(stored: StoredState, shard: ShardId): LoadedShard | undefined {
  const { revision, entities: count } = headOf(stored, shard)
  if (revision === 0) return undefined
  const { pending } = stored
  const isPending = pending.heads.has(shard)
  let entities = readTable(stored, shard, isPending ? count + pending.size : count)
  if (isPending) {
    entities = entities.filter(({ kind, entity }) => pending.entity(kind, entity.id) === undefined)
    for (const change of pending.entities())
      if (change.op === 'put' && change.shard === shard)
        entities.push(entityOf(change.kind, shard, JSON.parse(change.json)))
  }
  if (entities.length !== count)
    throw damaged(`\`${shard}\` has ${entities.length} entities where ${count} were stored`)
  return { revision, entities }
}

/** The commits of a shard after a revision, oldest first. */
export function commitsAfter(
  stored: StoredState,
  shard: ShardId,
  revision: Revision,
  limit = Number.MAX_SAFE_INTEGER,
): readonly Commit[] {
  const latest = headOf(stored, shard).revision
  const since = Math.max(revision, 0)
  const rows = [
    // In each row there is one of them at least.
    ...(stored.statements.commitsSince.all(shard, since, limit) as (LogRow | MissingRow)[]),
    ...stored.pending.places
      .filter((place) => place.shard === shard && place.revision > since)
      .map(({ position }) => stored.statements.logRow.get(position) as LogRow | undefined),
  ]
  const commits = rows.flatMap((row) => commitsIn(shard, since, row)).slice(0, limit)
  const wanted = Math.min(limit, Math.max(latest - since, 0))
  const follow = commits.every((commit, n) => commit.revision === since + n + 1)
  if (!follow || commits.length !== wanted)
    throw damaged(`\`${shard}\` is at revision ${latest} and lacks commits after ${since}`)
  return commits
}

/** A place in the log that names no row. */
type MissingRow = readonly [null, null, null, null]

function commitsIn(shard: ShardId, since: Revision, row: LogRow | MissingRow | undefined): readonly Commit[] {
  if (row === undefined || row[0] === null)
    throw damaged(`the log lacks commits of \`${shard}\` after ${since}`)
  return decodeLogRow(row)
    .map(({ commit }) => commit)
    .filter((commit) => commit.shard === shard && commit.revision > since)
}

/** One query hands over a few megabytes at most. */
const entitiesPerQuery = 8_192

function readTable({ statements }: StoredState, shard: ShardId, most: number): AnyEntity[] {
  const entities: AnyEntity[] = []
  for (const kind of entityKinds) {
    let after = ''
    do {
      // A shard that is small is read without looking for where to stop.
      const id =
        most > entitiesPerQuery ? statements.nthId.get(shard, kind, after, entitiesPerQuery - 1) : undefined
      const upTo = (id as [Buffer] | undefined)?.[0].toString()
      const row = statements.load.get(shard, kind, after, upTo ?? aboveAllTexts) as EntitiesRow | NoEntities
      if (row[0] !== null) decodeEntities(shard, kind, row, entities)
      after = upTo ?? ''
      // More than were stored is damage, and might go round in circles.
    } while (after !== '' && entities.length <= most)
  }
  return entities
}

type NoEntities = readonly [null, null]
