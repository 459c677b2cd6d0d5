import type { IncomingMessage } from 'node:http'
import { RequestRefused } from '@bailiwick/wire'

/** How long a body may be: 1 MiB. */
export const mostBytes = 1_048_576

/** Whether a request has a body that concerns us: what is sent with a GET does not. */
export function hasBody({ method, headers }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') return false
  const length = headers['content-length']
  return length === undefined ? headers['transfer-encoding'] !== undefined : length !== '0'
}

/**
 * Refuse a body that we would not read to its end. A compressed one is refused rather than unpacked: nobody can send a
 * small one that becomes large.
 *
 * @throws {RequestRefused} `media_type_unsupported` or `body_too_large`.
 */
export function mustBeReadable({ headers }: IncomingMessage): void {
  const { 'content-type': type, 'content-encoding': encoding, 'content-length': length } = headers
  if (encoding !== undefined && encoding !== 'identity') {
    throw new RequestRefused('media_type_unsupported', 'a body is sent without `Content-Encoding`')
  }
  if (type !== 'application/json') mustBeJson(type ?? '')
  if (Number(length) > mostBytes) throw bodyTooLarge()
}

function mustBeJson(type: string): void {
  const [essence = '', ...parameters] = type.split(';')
  if (essence.trim().toLowerCase() !== 'application/json') {
    throw new RequestRefused('media_type_unsupported', 'a body is sent as `application/json`')
  }
  for (const parameter of parameters) {
    const charset = /^\s*charset="?([^";]+)/i.exec(parameter)?.[1]
    if (charset !== undefined && charset.trim().toLowerCase() !== 'utf-8') {
      throw new RequestRefused('media_type_unsupported', 'a body is sent in UTF-8')
    }
  }
}

/** What is said of a body that is longer than `mostBytes`. */
export function bodyTooLarge(): RequestRefused {
  return new RequestRefused('body_too_large', 'the body is longer than 1 MiB')
}
