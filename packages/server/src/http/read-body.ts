import type { IncomingMessage } from 'node:http'
import { RequestRefused } from '@bailiwick/wire'

const mebibyte = 1_048_576

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
  if (Number(length) > mebibyte) throw tooLarge()
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

function tooLarge(): RequestRefused {
  return new RequestRefused('body_too_large', 'the body is longer than 1 MiB')
}

/**
 * The body of a request. Most come in one packet with their headers, and Node has parsed them in the turn after it told
 * the request: those are had at once, for a third of what it takes to listen for their parts.
 *
 * @throws {RequestRefused} `body_too_large`, or `request_malformed` when it ends early.
 */
export function readBody(request: IncomingMessage): Buffer | Promise<Buffer> {
  const first = (request.read() as Buffer | null) ?? nothing
  if (first.length > mebibyte) throw tooLarge()
  // Its last byte comes before the word that it is complete.
  const isWhole = request.complete || first.length === Number(request.headers['content-length'])
  return isWhole ? first : gather(request, first)
}

const nothing = Buffer.alloc(0)

function gather(request: IncomingMessage, first: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts = [first]
    let length = first.length
    const take = (part: Buffer) => {
      length += part.length
      if (length <= mebibyte) parts.push(part)
      else settle(() => reject(tooLarge()))
    }
    const end = () => settle(() => resolve(Buffer.concat(parts, length)))
    const close = () =>
      settle(() => reject(new RequestRefused('request_malformed', 'the request ended early')))
    const settle = (how: () => void) => {
      request.off('data', take).off('end', end).off('close', close)
      how()
    }
    request.on('data', take).on('end', end).on('close', close)
    if (request.destroyed) close()
  })
}
