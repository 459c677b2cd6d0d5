import { type Problem, problemOf, type RequestView, separateHeaders } from '@bailiwick/client'
import type { JSONRPCMessage, MessageExtraInfo } from '@modelcontextprotocol/sdk/types.js'

/** A request of JSON-RPC, as far as it is looked at. */
export interface RpcRequest {
  readonly id: string | number
  readonly method: string
  readonly params?: { readonly name?: unknown; readonly arguments?: unknown }
}

/** The request in a message; `undefined` for notifications and answers. */
export function requestIn(message: JSONRPCMessage): RpcRequest | undefined {
  return 'method' in message && 'id' in message ? (message as RpcRequest) : undefined
}

/** The request that its sender no longer waits for, and that a server need not answer. */
export function cancelledIn(message: JSONRPCMessage): unknown {
  return 'method' in message && message.method === 'notifications/cancelled'
    ? message.params?.requestId
    : undefined
}

/**
 * A refusal that the model shall read, and may mend: the specification has errors of execution for that, while clients
 * need not show errors of the protocol to the model.
 */
export function refusedResult(id: RpcRequest['id'], { body }: Problem): JSONRPCMessage {
  const decision = body.decisionId === undefined ? '' : ` (${body.decisionId})`
  const text = `${body.code}: ${body.detail}${decision}`
  return {
    jsonrpc: '2.0',
    id,
    result: { content: [{ type: 'text', text }], isError: true, _meta: { problem: body } },
  }
}

/** A request that cannot be taken at all: the client's to mend, or nobody's. */
export function protocolError(id: RpcRequest['id'], code: number, message: string): JSONRPCMessage {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

/** The codes of JSON-RPC, and one of those it leaves to servers. */
export const rpcCodes = { invalidParams: -32_602, internal: -32_603, unauthenticated: -32_001 } as const

/** An error that stopped a request before any tool: who asks, and not what for. */
export function sessionError(id: RpcRequest['id'], error: unknown): JSONRPCMessage {
  const body = problemOf(error)?.body
  return body === undefined
    ? protocolError(id, rpcCodes.internal, 'Internal error')
    : protocolError(id, rpcCodes.unauthenticated, `${body.code}: ${body.detail}`)
}

/** A call as locators read it: `arg('projectId')`. */
export function viewOf({ params }: RpcRequest, extra: MessageExtraInfo | undefined): RequestView {
  return {
    params: {},
    query: {},
    body: undefined,
    args: params?.arguments,
    rawHeaders: rawHeadersOf(extra),
    native: extra,
  }
}

/** The headers of the HTTP request that brought a message, of which the SDK has joined those of one name. */
export function rawHeadersOf(extra: MessageExtraInfo | undefined): readonly string[] {
  return separateHeaders(Object.entries(extra?.requestInfo?.headers ?? {}))
}
