import type { AnyEntity, ChangeSource, Revision, ShardId } from '@bailiwick/core'
import type { StreamWriter } from './stream-writer.js'

/** A shard, and the store it is of. */
export interface ToldShard {
  readonly store: string
  readonly shard: ShardId
  readonly environment: Revision
  readonly loaded: Awaited<ReturnType<ChangeSource['load']>>
}

const lettersPerPiece = 65_536

/**
 * Tell a shard line by line: what it is, each entity, and how many those were. One without its last line was cut, and
 * is none.
 */
export async function tellShard(writer: StreamWriter, told: ToldShard): Promise<void> {
  const { store, shard, environment, loaded } = told
  let piece = line({ store, shard, revision: loaded?.revision ?? 0, environment })
  let count = 0
  try {
    for (const each of loaded?.entities ?? []) {
      piece += line(entityLine(each))
      count++
      if (piece.length < lettersPerPiece) continue
      writer.write(piece)
      piece = ''
      if ((await writer.drained()) !== 'taken') return writer.cut()
    }
  } catch {
    return writer.cut()
  }
  writer.end(piece + line({ end: count }))
}

function entityLine({ kind, entity }: AnyEntity) {
  return { kind, entity }
}

function line(json: object): string {
  return `${JSON.stringify(json)}\n`
}
