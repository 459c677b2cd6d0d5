import type { Commit, LogEntry, Revision, ShardId } from '@bailiwick/core'
import { linkHash } from '../chain/link-hash.js'
import { type DraftRow, encodeChanges, encodeCommit, encodeOrigin } from '../store/draft-rows.js'
import { checksum } from './checksum.js'
import { readChanges } from './read-entity.js'
import { damaged } from './sqlite-errors.js'

/** A commit as it is stored: its JSON, and what it is found by. */
export interface CommitText {
  readonly shard: ShardId
  readonly revision: Revision
  readonly json: string
}

export function commitText(shard: ShardId, revision: Revision, draft: DraftRow): CommitText {
  const [origin, changes] = [encodeOrigin(draft), encodeChanges(draft.changes)]
  return { shard, revision, json: encodeCommit({ shard, revision, at: draft.at, origin, changes }) }
}

/** One row of the log: commits that became durable together. */
export interface LogPart {
  readonly commits: readonly CommitText[]
  readonly json: string
}

/** A row is read whole, whoever wants one of its commits. */
const mostCharacters = 262_144

/** Put commits together in rows, in order. */
export function inLogRows(commits: readonly CommitText[]): readonly LogPart[] {
  const [only] = commits
  if (only !== undefined && commits.length === 1) return [{ commits: [only], json: `[${only.json}]` }]
  const parts: LogPart[] = []
  let from = 0
  let characters = 0
  for (const [n, { json }] of commits.entries()) {
    characters += json.length
    if (characters < mostCharacters && n + 1 < commits.length) continue
    const some = commits.slice(from, n + 1)
    parts.push({ commits: some, json: `[${some.map((each) => each.json).join(',')}]` })
    from = n + 1
    characters = 0
  }
  return parts
}

/** Positions of the last and the first commit, commits, checksum; read from SQLite, or not written there yet. */
export type LogRow =
  | readonly [position: number, first: number, commits: Buffer, checksum: number]
  | WrittenRow

/** A row as it is written, with the hash that chains it. */
export type WrittenRow = readonly [
  position: number,
  first: number,
  commits: string,
  checksum: number,
  hash: string,
]

/** The row that follows where the log ends. */
export function followingRow({ position, hash }: LogEnd, count: number, json: string): WrittenRow {
  const [first, last] = [position + 1, position + count]
  // In one piece: it waits in memory, and as parts that were put together it would be five times as long.
  json.charCodeAt(0)
  return [last, first, json, logChecksum(last, first, json), linkHash(hash, first, last, json)]
}

/** The position of the last commit, and the hash of its row. */
export interface LogEnd {
  readonly position: number
  readonly hash: string
}

export function logChecksum(position: number, first: number, commits: string | Buffer): number {
  return checksum(commits, position, first)
}

/** The commits of a row of the log. @throws {StoreUnusable} `store_damaged` */
export function decodeLogRow([position, first, json, sum]: LogRow): readonly LogEntry[] {
  if (logChecksum(position, first, json) !== sum)
    throw damaged(`the commits at positions ${first} to ${position} fail their checksum`)
  const commits: readonly (Commit & { readonly changes: Parameters<typeof readChanges>[0] })[] = JSON.parse(
    json.toString(),
  )
  return commits.map((commit, n) => ({
    position: first + n,
    commit: { ...commit, changes: readChanges(commit.shard, commit.changes) },
  }))
}
