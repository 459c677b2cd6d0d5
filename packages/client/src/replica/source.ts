import type { Commit, Revision, ShardId } from '@bailiwick/core'
import { listCommits, parseCommit, shardPath } from '@bailiwick/wire'
import { patienceMs, type Reading } from '../feed/reading.js'
import { readBy } from '../remote/read-answer.js'
import { linesOf } from './lines.js'
import { readShard, type ToldShard } from './read-shard.js'

/** Commits of a shard, and how far that leads. */
export interface ToldCommits {
  readonly store: string
  readonly revision: Revision
  readonly environment: Revision
  readonly commits: readonly Commit[]
}

/** What a server has stored, as replicas read it. */
export class Source {
  constructor(private readonly reading: Reading) {}

  async load(shard: ShardId): Promise<ToldShard> {
    const path = shardPath.replace('{shard}', encodeURIComponent(shard))
    return readShard(shard, linesOf(await this.reading.get(path, { bodyTimeout: patienceMs })))
  }

  /** At most 1 000 of them. */
  async commitsSince(shard: ShardId, after: Revision): Promise<ToldCommits> {
    const path = `${listCommits.path}?shard=${encodeURIComponent(shard)}&after=${after}`
    const body = await this.reading.get(path, { bodyTimeout: patienceMs })
    let text = ''
    for await (const piece of body) text += piece
    return readBy(() => {
      const { store, revision, environment, data } = listCommits.schemas.answer.parse(JSON.parse(text))
      return { store, revision, environment, commits: data.map(parseCommit) }
    }, text)
  }
}
