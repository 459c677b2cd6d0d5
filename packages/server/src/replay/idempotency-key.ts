import type { IncomingHttpHeaders } from 'node:http'
import { RequestRefused } from '@bailiwick/wire'

/** The header `Idempotency-Key`: 1 to 255 characters of printable ASCII, or none. */
export function idempotencyKeyOf(headers: IncomingHttpHeaders): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new RequestRefused(
      'request_malformed',
      'the header `Idempotency-Key` is 1 to 255 characters of printable ASCII',
    )
  }
  return key
}
