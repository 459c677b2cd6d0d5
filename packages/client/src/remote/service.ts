import { randomBytes, randomUUID } from 'node:crypto'
import {
  type CheckOptions,
  type ConsistencyToken,
  DecisionTimeout,
  type OrganizationId,
  RemoteUnavailable,
  type Written,
} from '@bailiwick/core'
import { actorHeader, type Operation } from '@bailiwick/wire'
import type { Freshness, OwnWrites } from './own-writes.js'
import { type Parameters, pathOf } from './path-of.js'
import { invalid, jsonIn, readAnswer, readBy } from './read-answer.js'
import type { Transport } from './transport/transport.js'
import { Waiting } from './transport/waiting.js'

/** One call of an operation, and how to read what it answers. */
export interface Call<Value> {
  readonly operation: Pick<Operation, 'method' | 'path'>
  readonly params?: Parameters
  readonly query?: Parameters
  /** JSON, not yet written down. */
  readonly body?: unknown
  /** Throws for what is no answer to this call. `json` is `undefined` where the answer has no body. */
  readonly read: (json: unknown) => Value
}

/** A request as it is written down, and how long and how carefully it may go. */
export interface Sending {
  readonly method: Operation['method']
  readonly path: string
  readonly body?: Buffer
  readonly freshness?: Freshness | undefined
  readonly idempotencyKey?: string
  readonly repeatable: 'safe' | 'unsafe'
}

interface Answered {
  /** Said to be JSON; nothing where the answer has no body. */
  readonly text: string
  readonly token: string | readonly string[] | undefined
}

export interface ServiceOptions {
  readonly transport: Transport
  readonly ownWrites: OwnWrites
  readonly apiKey: string
  /** For whom writes are made, as a header says it. */
  readonly actor?: string
  /** What stands before every path, as `/authz`; often nothing. */
  readonly prefix: string
  /** Whether the service repeats a request's id, and gives tokens: ours does, WorkOS's is not known to. */
  readonly isOurs: boolean
  readonly deadlineMs: number
  readonly writeDeadlineMs: number
  /** Milliseconds that only grow. */
  readonly clock: () => number
}

/** A service as the methods of an engine call it. */
export class Service {
  readonly deadlineMs: number
  readonly clock: () => number
  readonly #options: ServiceOptions
  readonly #headers: readonly string[]
  readonly #idStart = randomBytes(9).toString('base64url')
  #requests = 0

  constructor(options: ServiceOptions) {
    this.#options = options
    this.deadlineMs = options.deadlineMs
    this.clock = options.clock
    const json = 'application/json'
    this.#headers = [
      ...['authorization', `Bearer ${options.apiKey}`, 'accept', json, 'content-type', json],
      ...(options.actor === undefined ? [] : [actorHeader, options.actor]),
    ]
  }

  /** The same service, whose writes say for whom they are made. */
  as(actor: string): Service {
    return new Service({ ...this.#options, actor })
  }

  get ownWrites(): OwnWrites {
    return this.#options.ownWrites
  }

  /** Ask something, in time for a decision. It is as new as the options say, and never older than our own writes. */
  async ask<Value>(
    call: Call<Value>,
    organizationId: OrganizationId | undefined,
    options: CheckOptions = {},
  ): Promise<Value> {
    const freshness = this.freshness(organizationId, options)
    const waiting = this.waiting(options.signal)
    const { text } = await this.send({ ...sendingOf(call), freshness, repeatable: 'safe' }, waiting)
    return readBy(call.read, jsonIn(text))
  }

  /** Change something in an organization. A request with an `Idempotency-Key` happens once, however often it is sent. */
  async write<Value>(call: Call<Value>, organizationId: OrganizationId | undefined): Promise<Written<Value>> {
    const done = organizationId && this.ownWrites.begin(organizationId)
    // The key is what POST has; a PUT or DELETE that is sent again may undo what others did in between.
    const sending: Sending =
      call.operation.method === 'POST'
        ? { ...sendingOf(call), repeatable: 'safe', idempotencyKey: randomUUID() }
        : { ...sendingOf(call), repeatable: 'unsafe' }
    const answered = await this.send(sending, this.#writing())
    const token = this.#tokenOf(answered)
    done?.(token)
    return { value: readBy(call.read, jsonIn(answered.text)), token }
  }

  freshness(
    organizationId: OrganizationId | undefined,
    { consistency }: CheckOptions,
  ): Freshness | undefined {
    if (!this.#options.isOurs) return undefined
    const own = organizationId === undefined ? undefined : this.ownWrites.seen(organizationId)
    if (consistency === undefined || consistency === 'bounded') return own ?? consistency
    if (consistency === 'latest') return 'latest'
    // A token that is not of our own last write may be older than that, or newer. The newest there is holds both.
    return own === undefined || own === consistency.atLeast ? consistency.atLeast : 'latest'
  }

  /** The time that a decision has, from now. */
  waiting(signal?: AbortSignal): Waiting {
    const { deadlineMs, clock } = this
    return new Waiting(deadlineMs, () => new DecisionTimeout(deadlineMs), { clock, signal })
  }

  /** Send what is written down, and read the text of a success. The time of `waiting` is over with it. */
  async send(sending: Sending, waiting: Waiting): Promise<Answered> {
    const { transport, prefix, isOurs } = this.#options
    const requestId = `${this.#idStart}${(this.#requests++).toString(36)}`
    const { method, path, body, freshness, idempotencyKey, repeatable } = sending
    const headers = [...this.#headers, 'x-request-id', requestId]
    if (freshness !== undefined) headers.push('bailiwick-consistency', freshness)
    if (idempotencyKey !== undefined) headers.push('idempotency-key', idempotencyKey)
    const request = {
      method,
      path: `${prefix}${path}`,
      headers,
      body: body ?? null,
    }
    try {
      const answer = await transport.send(request, repeatable, waiting)
      return {
        text: readAnswer(answer, isOurs ? requestId : undefined),
        token: answer.headers['bailiwick-consistency-token'],
      }
    } finally {
      waiting.done()
    }
  }

  close(): Promise<void> {
    return this.#options.transport.close()
  }

  #tokenOf({ token }: Answered): ConsistencyToken {
    if (typeof token === 'string') return token as ConsistencyToken
    // WorkOS has none. An empty one is none of our server's either, should it ever get there.
    if (!this.#options.isOurs) return '' as ConsistencyToken
    throw invalid('to a write carries no consistency token')
  }

  #writing(): Waiting {
    const { writeDeadlineMs } = this.#options
    const late = () =>
      new RemoteUnavailable(
        'remote_timeout',
        `the write was not answered within ${writeDeadlineMs} ms, and may have happened: read before you write again`,
      )
    return new Waiting(writeDeadlineMs, late, { clock: this.clock })
  }
}

function sendingOf({ operation, params, query, body }: Call<unknown>) {
  return {
    method: operation.method,
    path: pathOf(operation.path, params, query),
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
  }
}
