import { arrivedHeaders } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'

// Behind a name that nobody else has, as with requests.
const tokenKey = Symbol('token')

interface Connection {
  [tokenKey]?: Promise<string | undefined>
  /** Of Socket.IO: the request that asked for the connection, what it has made of it, and what the client adds. */
  readonly request?: { readonly rawHeaders?: readonly string[] }
  readonly handshake?: { readonly headers?: Record<string, unknown>; readonly auth?: unknown }
}

/** Keep the token that a connection came with. Each message verifies it again, so that it ends with its time. */
export function keepToken(client: object, token: Promise<string | undefined>): void {
  ;(client as Connection)[tokenKey] = token
}

/**
 * The token that a connection came with.
 *
 * @throws {Misconfigured} when nobody has looked at the connection when it was made.
 */
export function keptToken(client: object): Promise<string | undefined> {
  const token = (client as Connection)[tokenKey]
  if (token !== undefined) return token
  throw new Misconfigured(
    'nobody has looked at this connection when it was made: call `await this.connections.admit(client, request)` in ' +
      '`handleConnection` of the gateway, with `ConnectionGuard` injected as `connections`',
  )
}

/** The request that asked for a connection: given by the `ws` adapter, part of the client with Socket.IO. */
export function upgradeOf(client: object, request: unknown): { readonly rawHeaders: readonly string[] } {
  const { rawHeaders } = (request ?? {}) as { readonly rawHeaders?: readonly string[] }
  if (rawHeaders !== undefined) return { rawHeaders }
  const { handshake, request: opening } = client as Connection
  if (handshake === undefined) {
    throw new Misconfigured(
      '`admit` needs the request of the connection: pass on both arguments of `handleConnection`',
    )
  }
  // As they arrived: of two `Authorization` headers, the handshake has the first alone.
  const headers = arrivedHeaders({ rawHeaders: opening?.rawHeaders ?? [], headers: handshake.headers ?? {} })
  const { token } = (handshake.auth ?? {}) as { readonly token?: unknown }
  return {
    rawHeaders: typeof token === 'string' ? [...headers, 'authorization', `Bearer ${token}`] : headers,
  }
}

/** Tell a client something, in the form of Nest's own exceptions. */
export function tell(client: object, data: unknown): void {
  const { send, emit, readyState } = client as {
    readonly send?: (text: string) => void
    readonly emit?: (event: string, data: unknown) => void
    readonly readyState?: unknown
  }
  // A client of `ws` has an `emit` too, which nobody beyond this process hears.
  if (typeof readyState === 'number') send?.call(client, JSON.stringify({ event: 'exception', data }))
  else emit?.call(client, 'exception', data)
}

/** End a connection. 1008 is `policy violation` (RFC 6455). */
export function end(client: object, reason: string): void {
  const { close, disconnect } = client as {
    readonly close?: (code: number, reason: string) => void
    readonly disconnect?: (close: boolean) => void
  }
  if (disconnect === undefined) close?.call(client, 1008, reason)
  else disconnect.call(client, true)
}
