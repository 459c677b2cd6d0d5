import type { Log } from './log.js'
import type { Observer } from './observer.js'

/** One line a request. Text is escaped by the JSON of the log, so that no input can begin a line of its own. */
export function requestLog(log: Log): Observer {
  return ({ requestId, method, route, status, ms, keyId }) => {
    log.info(
      { requestId, method, route, status, ms: Math.round(ms * 100) / 100, keyId: keyId ?? null },
      'request',
    )
  }
}
