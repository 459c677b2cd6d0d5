import type { AnyEntity, Revision, ShardId } from '@bailiwick/core'
import { parseStoredEntity, shardEnd, shardHead } from '@bailiwick/wire'
import { invalid, readBy } from '../remote/read-answer.js'

/** A shard as the server told it. */
export interface ToldShard {
  readonly store: string
  readonly revision: Revision
  /** The environment that it rests on has this revision, or a lower one. */
  readonly environment: Revision
  readonly entities: readonly AnyEntity[]
}

/**
 * Read a shard, line by line. It is whole, or it is none.
 *
 * @throws {RemoteUnavailable} `remote_answer_invalid`
 */
export async function readShard(shard: ShardId, lines: AsyncIterable<string>): Promise<ToldShard> {
  let head: Omit<ToldShard, 'entities'> | undefined
  let isWhole = false
  const entities: AnyEntity[] = []
  for await (const line of lines) {
    if (isWhole) throw invalid('goes on after its end')
    const json = readBy(parseJson, line)
    if (head === undefined) {
      const { shard: told, ...rest } = readBy((value) => shardHead.parse(value), json)
      if (told !== shard) throw invalid('is about something else')
      head = rest
    } else if (isEnd(json)) {
      isWhole = readBy((value) => shardEnd.parse(value), json).end === entities.length
      if (!isWhole) throw invalid('lacks some of what it counts')
    } else {
      entities.push(readBy(parseStoredEntity, json))
    }
  }
  if (head === undefined || !isWhole) throw invalid('was cut')
  return { ...head, entities }
}

function isEnd(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'end' in json
}

function parseJson(text: unknown): unknown {
  return JSON.parse(String(text))
}
