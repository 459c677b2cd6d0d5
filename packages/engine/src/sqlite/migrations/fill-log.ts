import type { Database } from 'libsql'
import { checksum } from '../checksum.js'
import { damaged } from '../sqlite-errors.js'

/** Shard, revision, time, changes, checksum. */
type OldRow = readonly [Buffer, number, Buffer, Buffer, number]

/** Move the commits of the first schema into the one log, a row each, and drop their table. */
export function fillLog(sql: Database): void {
  const putLog = sql.prepare('INSERT INTO log (position, first, commits, checksum) VALUES (?, ?, ?, ?)')
  const putPlace = sql.prepare('INSERT INTO log_shards (shard, revision, position) VALUES (?, ?, ?)')
  const rows = sql.prepare(inOneOrder).raw().iterate() as IterableIterator<OldRow>
  let position = 0
  for (const [shardBytes, revision, atBytes, changes, sum] of rows) {
    const [shard, at] = [shardBytes.toString(), atBytes.toString()]
    if (checksum(changes, shard, revision, at) !== sum)
      throw damaged(`commit ${revision} of \`${shard}\` fails its checksum`)
    position += 1
    const commit = `{"shard":${JSON.stringify(shard)},"revision":${revision},"at":${JSON.stringify(at)},"changes":${changes}}`
    const commits = `[${commit}]`
    putLog.run(position, position, commits, checksum(commits, position, position))
    putPlace.run(shard, revision, position)
  }
  sql.prepare('UPDATE store SET applied = ?').run(position)
  sql.exec('DROP TABLE commits')
}

// A clock may have gone back: within a shard the revisions say what came first.
const inOneOrder = `
  SELECT CAST(shard AS BLOB), revision, CAST(at AS BLOB), CAST(changes AS BLOB), checksum
  FROM (SELECT *, max(at) OVER (PARTITION BY shard ORDER BY revision) AS reached FROM commits)
  ORDER BY reached, shard, revision`
