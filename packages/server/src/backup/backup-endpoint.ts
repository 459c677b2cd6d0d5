import type { ChangeSource, Notebook } from '@bailiwick/core'
import { backupText } from '@bailiwick/engine/backup'
import { TryLater } from '@bailiwick/wire'
import { StreamWriter } from '../feed/stream-writer.js'
import type { Endpoint } from '../http/endpoint.js'

/** What a backup is made of. */
export interface BackupParts {
  readonly changes: ChangeSource
  readonly notebook: Notebook
  /** Milliseconds since 1970. */
  readonly clock: () => number
}

/** How long a reader may take nothing, before it is cut off. Milliseconds. */
const patienceMs = 30_000

/**
 * `/backup`: the whole store as of one moment, as lines of JSON. They hold the keys by which sessions are signed, so
 * only an administrator may have them. One without its last line was cut, and is none.
 */
export function backupEndpoint(parts: BackupParts): Endpoint {
  let isUnderWay = false
  return {
    method: 'GET',
    path: '/backup',
    scope: 'admin',
    kind: 'stream',
    answer: async ({ response, id }) => {
      // Each reads the whole log: two at once would only take longer.
      if (isUnderWay) throw new TryLater('overloaded', 10)
      isUnderWay = true
      try {
        response.writeHead(200, {
          'content-type': 'application/x-ndjson; charset=utf-8',
          'cache-control': 'no-store',
          'x-request-id': id,
          // It ends with its answer: a connection that waits is closed when the service stops.
          connection: 'close',
        })
        await tell(new StreamWriter(response, patienceMs), parts)
      } finally {
        isUnderWay = false
      }
      return undefined
    },
  }
}

async function tell(writer: StreamWriter, parts: BackupParts): Promise<void> {
  try {
    let last = ''
    for await (const text of backupText(parts)) {
      writer.write(last)
      last = text
      if ((await writer.drained()) !== 'taken') return writer.cut()
    }
    writer.end(last)
  } catch {
    writer.cut()
  }
}
