import type { IncomingMessage } from 'node:http'
import { parse } from 'node:querystring'

/** The path of a request, as it was sent. */
export function pathOf(request: IncomingMessage): string {
  const url = targetOf(request)
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

/** The query of a request, decoded; what comes twice is a list. */
export function queryOf(request: IncomingMessage): Readonly<Record<string, unknown>> {
  const url = targetOf(request)
  const start = url.indexOf('?')
  // All of them: a reader before us may have seen the last.
  return start < 0 ? none : parse(url.slice(start + 1), '&', '=', { maxKeys: 0 })
}

const none: Readonly<Record<string, unknown>> = {}

/** A proxy may be sent whole addresses (RFC 9112, section 3.2.2), and pass them on. */
function targetOf({ url = '/' }: IncomingMessage): string {
  return url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '')
}
