import type { Commit, Revision, ShardId } from '@bailiwick/core'
import { entityKinds } from '../store/entity-kinds.js'
import type { LoadedShard } from '../store/store.js'
import { headOf, type StoredState } from './append-drafts.js'
import { type EntityLines, entitiesIn, factsIn } from './entity-lines.js'
import { decodeLogRow, type LogRow } from './log-rows.js'
import { logRowAt } from './read-log.js'
import { entityOf } from './rows.js'
import { damaged } from './sqlite-errors.js'
import { aboveAllTexts } from './statements.js'

/** The whole shard: what the tables have, save what the log says otherwise. */
export function loadShard(stored: StoredState, shard: ShardId): LoadedShard | undefined {
  const { revision, entities: count } = headOf(stored, shard)
  if (revision === 0) return undefined
  const { pending } = stored
  if (pending.heads.has(shard)) {
    const entities = entitiesIn(shard, readTable(stored, shard, count + pending.size)).filter(
      ({ kind, entity }) => pending.entity(kind, entity.id) === undefined,
    )
    for (const change of pending.entities())
      if (change.op === 'put' && change.shard === shard)
        entities.push(entityOf(change.kind, shard, JSON.parse(change.json)))
    mustBe(count, entities.length, shard)
    return { revision, entities }
  }
  const read = readTable(stored, shard, count)
  const { facts, count: found } = factsIn(shard, read)
  mustBe(count, found, shard)
  return {
    revision,
    facts,
    get entities() {
      return entitiesIn(shard, read)
    },
  }
}

function mustBe(stored: number, found: number, shard: ShardId): void {
  if (found !== stored) throw damaged(`\`${shard}\` has ${found} entities where ${stored} were stored`)
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
  const wanted = Math.min(limit, Math.max(latest - since, 0))
  const commits: Commit[] = []
  const take = (row: LogRow | MissingRow | undefined) => {
    for (const commit of commitsIn(shard, since + commits.length, row)) commits.push(commit)
  }
  // A row may hold hundreds of them: no more rows are read than it takes.
  for (let isMore = true; isMore && commits.length < wanted; ) {
    const rows = stored.statements.commitsSince.all(shard, since + commits.length, rowsAtOnce) as (
      | LogRow
      | MissingRow
    )[]
    for (const row of rows) if (commits.length < wanted) take(row)
    isMore = rows.length === rowsAtOnce
  }
  for (const place of stored.pending.places) {
    if (commits.length >= wanted) break
    if (place.shard === shard && place.revision > since + commits.length)
      take(logRowAt(stored, place.position))
  }
  const follow = commits.every((commit, n) => commit.revision === since + n + 1)
  if (!follow || commits.length < wanted)
    throw damaged(`\`${shard}\` is at revision ${latest} and lacks commits after ${since}`)
  return commits.slice(0, wanted)
}

const rowsAtOnce = 16

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

function readTable({ statements }: StoredState, shard: ShardId, most: number): readonly EntityLines[] {
  const read: EntityLines[] = []
  for (const kind of entityKinds) {
    let after = ''
    // More than were stored is damage, and might go round in circles.
    for (let rows = 0; rows <= most; rows += entitiesPerQuery) {
      // A shard that is small is read without looking for where to stop.
      const id =
        most > entitiesPerQuery ? statements.nthId.get(shard, kind, after, entitiesPerQuery - 1) : undefined
      const upTo = (id as [Buffer] | undefined)?.[0].toString()
      const [lines, sums, count] = statements.load.get(shard, kind, after, upTo ?? aboveAllTexts) as LinesRow
      if (lines !== null) read.push({ kind, lines, sums, count })
      if (upTo === undefined) break
      after = upTo
    }
  }
  return read
}

type LinesRow = readonly [lines: Buffer, sums: Buffer, count: number] | readonly [null, null, number]
