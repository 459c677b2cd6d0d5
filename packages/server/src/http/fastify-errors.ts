import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { isAuthorizationError, NotFound } from '@bailiwick/core'
import { RequestRefused, renderError } from '@bailiwick/wire'

/** The errors of the framework as ours; every other error as it is. */
export function fromFastify(error: unknown): unknown {
  if (isAuthorizationError(error)) return error
  const { code } = (error ?? {}) as { readonly code?: unknown }
  switch (code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new RequestRefused('media_type_unsupported', 'a body is sent as `application/json`')
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new RequestRefused('body_too_large', 'the body is longer than 1 MiB')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return new RequestRefused('request_malformed', 'the body is not as long as `Content-Length` says')
    case 'FST_ERR_BAD_URL':
      return new RequestRefused('request_malformed', 'the path is not correctly percent-encoded')
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new NotFound()
    case 'ECONNRESET':
      return new RequestRefused('request_malformed', 'the request ended early')
    default:
      return error
  }
}

/** Answer what Node itself refuses, before there is a request: JSON as well. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const { status, body } = renderError(refusalOf(error.code))
  const text = JSON.stringify(body)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\nconnection: close\r\n\r\n${text}`,
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
