import {
  type Authorizer,
  authorizeRequest,
  problemOf,
  type RequestAuthorization,
  type Requirement,
  tokenOf,
} from '@bailiwick/client'
import { SessionInvalid } from '@bailiwick/core'
import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage, MessageExtraInfo } from '@modelcontextprotocol/sdk/types.js'
import { attach } from './authorization-of.js'
import {
  cancelledIn,
  protocolError,
  type RpcRequest,
  rawHeadersOf,
  refusedResult,
  requestIn,
  rpcCodes,
  sessionError,
  viewOf,
} from './message.js'
import { isVisible } from './visible.js'

/** A transport that hands on to the server only what its session may, and to the client only what she may see. */
export class GuardedTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: <Message extends JSONRPCMessage>(message: Message, extra?: MessageExtraInfo) => void
  /** Who has asked for a list of tools that is not answered yet. */
  readonly #listing = new Map<unknown, RequestAuthorization>()
  #owner: string | undefined

  constructor(
    private readonly inner: Transport,
    private readonly authorizer: Authorizer,
    private readonly tools: ReadonlyMap<string, Requirement>,
    /** Told of tools that the server has and nobody has named. */
    private readonly forgotten: (tool: string) => void,
  ) {}

  get sessionId(): string | undefined {
    return this.inner.sessionId
  }

  async start(): Promise<void> {
    this.inner.onclose = () => this.onclose?.()
    this.inner.onerror = (error) => this.onerror?.(error)
    this.inner.onmessage = (message, extra) => {
      this.#receive(message, extra).catch((error: unknown) => this.#report(error))
    }
    await this.inner.start()
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    await this.inner.send(await this.#withVisibleTools(message), options)
  }

  async close(): Promise<void> {
    await this.inner.close()
  }

  setProtocolVersion(version: string): void {
    this.inner.setProtocolVersion?.(version)
  }

  async #receive(message: JSONRPCMessage, extra: MessageExtraInfo | undefined): Promise<void> {
    const request = requestIn(message)
    let authorization: RequestAuthorization
    try {
      authorization = await this.#authorize(extra)
    } catch (error) {
      // Nobody waits for an answer to a notification.
      if (request === undefined) this.#report(error)
      else await this.#refuse(sessionError(request.id, error), error)
      return
    }
    const refusal = request && (await this.#refusalOf(request, authorization, extra))
    if (refusal !== undefined) {
      await this.inner.send(refusal)
      return
    }
    if (request?.method === 'tools/list') this.#listing.set(request.id, authorization)
    // The SDK answers nothing that is cancelled before: who asked would be remembered for as long as the connection is.
    this.#listing.delete(cancelledIn(message))
    const authInfo = { token: '', clientId: '', scopes: [], ...extra?.authInfo }
    attach(authInfo, authorization)
    this.onmessage?.(message, { ...extra, authInfo })
  }

  async #authorize(extra: MessageExtraInfo | undefined): Promise<RequestAuthorization> {
    const token = extra?.authInfo?.token || tokenOf(rawHeadersOf(extra))
    const authorization = await authorizeRequest(this.authorizer, token)
    const { session } = authorization
    if (session === undefined) {
      throw new SessionInvalid('session_missing', 'the message carries no session token')
    }
    // The id of a session of the protocol is no proof of who sends it.
    const sender = JSON.stringify([session.userId, session.organizationId, session.actors])
    this.#owner ??= sender
    if (this.#owner !== sender) {
      throw new SessionInvalid('session_ambiguous', 'this connection was opened by somebody else')
    }
    return authorization
  }

  /** The answer to a call that must not reach its tool. */
  async #refusalOf(
    request: RpcRequest,
    authorization: RequestAuthorization,
    extra: MessageExtraInfo | undefined,
  ): Promise<JSONRPCMessage | undefined> {
    if (request.method !== 'tools/call') return undefined
    const name = request.params?.name
    const requirement = typeof name === 'string' ? this.tools.get(name) : undefined
    if (requirement === undefined) {
      return protocolError(request.id, rpcCodes.invalidParams, `Unknown tool: ${String(name)}`)
    }
    try {
      await authorization.enforce(requirement, viewOf(request, extra))
      return undefined
    } catch (error) {
      const problem = problemOf(error)
      if (problem !== undefined) return refusedResult(request.id, problem)
      this.#report(error)
      return protocolError(request.id, rpcCodes.internal, 'Internal error')
    }
  }

  /**
   * A list of tools without those that its asker may not call. Known by its shape as well as by its id: a client may use
   * one id twice, and a list that nobody has asked for shows nothing.
   */
  async #withVisibleTools(message: JSONRPCMessage): Promise<JSONRPCMessage> {
    if ('error' in message && message.id !== undefined) this.#listing.delete(message.id)
    if (!('result' in message) || !Array.isArray(message.result.tools)) return message
    const asker = this.#listing.get(message.id)
    this.#listing.delete(message.id)
    try {
      const tools: unknown[] = []
      for (const tool of message.result.tools as readonly { readonly name: string }[]) {
        const requirement = this.tools.get(tool.name)
        if (requirement === undefined) this.forgotten(tool.name)
        if (asker && requirement && (await isVisible(asker, requirement))) tools.push(tool)
      }
      return { ...message, result: { ...message.result, tools } }
    } catch (error) {
      this.#report(error)
      return sessionError(message.id, error)
    }
  }

  async #refuse(answer: JSONRPCMessage, error: unknown): Promise<void> {
    if (problemOf(error) === undefined) this.#report(error)
    await this.inner.send(answer)
  }

  #report(error: unknown): void {
    this.onerror?.(error instanceof Error ? error : new Error(String(error)))
  }
}
