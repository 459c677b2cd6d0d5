import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { RequestRefused, renderError } from '@bailiwick/wire'
import { requestIdOf } from './request-id.js'

/** Answer what Node itself refuses, before there is a request: JSON as well. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const id = requestIdOf(undefined)
  const { status, body } = renderError(refusalOf(error.code), id)
  const text = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nx-request-id: ${id}\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(text)}\r\n` +
      `connection: close\r\n\r\n${text}`,
  )
}

function refusalOf(code: string | undefined): RequestRefused {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new RequestRefused('headers_too_large', 'the headers are longer than 16 KiB')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new RequestRefused('request_timeout', 'the request did not arrive in time')
    default:
      return new RequestRefused('request_malformed', 'this is not HTTP as we know it')
  }
}
