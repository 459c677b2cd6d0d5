import { STATUS_CODES } from 'node:http'
import type { Exchange } from './exchange.js'

/** How long a connection waits for its next request: longer than proxies before us do, so that it is they who close it. */
export const keepAliveSec = 72

/**
 * Send an answer as one text, where its head has nothing but what every answer has. `writeHead` and `end` send the same
 * bytes, but read through each header for what it could mean, and hand the system a list of two: a tenth of a check.
 *
 * @param body - JSON, all of it ASCII.
 * @returns `false` where it was not sent: where Node does not keep heads as it does now.
 */
export function sendWhole({ response, id, startedAt }: Exchange, status: number, body: string): boolean {
  // What `writeHead` leaves for `end` to send, which sends it as it is. Nothing in ours comes from outside but the id,
  // and that is of harmless characters.
  const kept = response as unknown as { _header: string | null }
  if (kept._header !== null) return false
  kept._header =
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n` +
    `x-request-id: ${id}\r\ncontent-length: ${body.length}\r\n${commonHeaders(startedAt)}\r\n${body}`
  response.statusCode = status
  response.end()
  return true
}

let common = ''
let commonUntil = 0

/** Made anew each second, because of the date. */
function commonHeaders(now: number): string {
  if (now >= commonUntil) {
    const date = new Date()
    commonUntil = performance.now() + 1_000 - date.getMilliseconds()
    common =
      `content-type: application/json; charset=utf-8\r\nDate: ${date.toUTCString()}\r\n` +
      `Connection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSec}\r\n`
  }
  return common
}
