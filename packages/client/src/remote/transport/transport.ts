import { RemoteUnavailable } from '@bailiwick/core'
import type { Pool } from 'undici'
import { Circuit } from './circuit.js'
import { type Exchanged, exchange, type HttpAnswer, type HttpRequest } from './exchange.js'
import { Gate } from './gate.js'
import { retryAfterSec } from './retry-after.js'
import { RetryBudget } from './retry-budget.js'
import type { Waiting } from './waiting.js'

/** Whether a request may be sent again when nobody knows what became of it. */
export type Repeatable = 'safe' | 'unsafe'

export interface TransportOptions {
  readonly pool: Pool
  /** Where it leads, for people: `https://authz.internal:4100`. */
  readonly origin: string
  /** Requests under way at a time, and others that wait for that. */
  readonly concurrency: number
  readonly queue: number
  /** Milliseconds that only grow. */
  readonly clock: () => number
  /** From 0 to 1, for the pauses between attempts. */
  readonly random: () => number
}

/** The way to one service: how much of it, how often, and when not at all. What an answer means is read elsewhere. */
export class Transport {
  readonly #pool: Pool
  readonly #gate: Gate
  readonly #circuit: Circuit
  readonly #budget = new RetryBudget()
  readonly #random: () => number
  readonly #origin: string
  #closing: Promise<void> | undefined

  constructor({ pool, origin, concurrency, queue, clock, random }: TransportOptions) {
    this.#pool = pool
    this.#origin = origin
    this.#gate = new Gate(concurrency, queue)
    this.#circuit = new Circuit(clock)
    this.#random = random
  }

  /**
   * Send a request, and once more if that is safe, worth it and affordable.
   *
   * @returns A whole answer, whatever it says.
   * @throws {RemoteUnavailable}, or what `waiting` ends with.
   */
  async send(request: HttpRequest, repeatable: Repeatable, waiting: Waiting): Promise<HttpAnswer> {
    this.#budget.earn()
    const first = await this.#attempt(request, waiting)
    const pauseMs = this.#pauseMs(first, repeatable, waiting)
    if (pauseMs === undefined) return this.#answerOf(first)
    await pause(pauseMs, waiting)
    return this.#answerOf(await this.#attempt(request, waiting))
  }

  /** A second time is no error: a caller and whoever closes all that it has may both do so. */
  close(): Promise<void> {
    this.#closing ??= this.#pool.close()
    return this.#closing
  }

  async #attempt(request: HttpRequest, waiting: Waiting): Promise<Exchanged> {
    const passage = this.#circuit.pass()
    let isInside = false
    try {
      const entered = this.#gate.enter(waiting)
      if (entered !== undefined) await entered
      isInside = true
      const exchanged = await exchange(this.#pool, request, waiting)
      if (isFailure(exchanged)) this.#circuit.failed(passage)
      else this.#circuit.succeeded(passage)
      return exchanged
    } catch (error) {
      // Late is the service's fault. A caller who leaves tells nothing of it, nor does our own queue.
      if (isInside && waiting.leftMs <= 0) this.#circuit.failed(passage)
      else this.#circuit.abandoned(passage)
      throw error
    } finally {
      if (isInside) this.#gate.leave()
    }
  }

  /** How long to wait before the request goes out again; `undefined` when it does not. */
  #pauseMs(first: Exchanged, repeatable: Repeatable, waiting: Waiting): number | undefined {
    if (!isPassing(first)) return undefined
    if (repeatable === 'unsafe' && !surelyNothingDone(first)) return undefined
    const askedMs = (first.kind === 'answered' ? (retryAfterSec(first.answer) ?? 0) : 0) * 1_000
    const pauseMs = askedMs + this.#random() * longestPauseMs
    return pauseMs < waiting.leftMs && this.#budget.spend() ? pauseMs : undefined
  }

  /** @throws {RemoteUnavailable} `remote_unreachable` when there is none. */
  #answerOf(exchanged: Exchanged): HttpAnswer {
    if (exchanged.kind === 'answered') return exchanged.answer
    const { cause, wasSent } = exchanged
    const where = `\`${this.#origin}\``
    throw new RemoteUnavailable(
      'remote_unreachable',
      wasSent
        ? `the connection to the service at ${where} broke: ${reasonOf(cause)}`
        : `the service at ${where} cannot be reached: ${reasonOf(cause)}`,
      { cause },
    )
  }
}

const longestPauseMs = 20

// A service that says no in time is well; one that cannot is not, nor is one that others answer for.
function isFailure(exchanged: Exchanged): boolean {
  if (exchanged.kind === 'broken') return true
  const { status } = exchanged.answer
  return status >= 500 || (status >= 300 && status < 400)
}

/** Whether it may be over in a moment: a connection that broke, a node that is busy or on its way out. */
function isPassing(exchanged: Exchanged): boolean {
  return exchanged.kind === 'broken' || [429, 502, 503, 504].includes(exchanged.answer.status)
}

function surelyNothingDone(exchanged: Exchanged): boolean {
  return exchanged.kind === 'broken' ? !exchanged.wasSent : exchanged.answer.status === 429
}

/** What people need to know of it: a certificate that has expired, a name that nobody has, a refused connection. */
function reasonOf(cause: Error): string {
  // Where a name has several addresses, each has failed, and alike.
  const [first] = cause instanceof AggregateError ? (cause.errors as readonly Error[]) : []
  const { message, code, reason } = (first ?? cause) as Error &
    Readonly<Partial<Record<'code' | 'reason', string>>>
  // OpenSSL's messages are for those who build it, and its reasons for everybody.
  return code?.startsWith('ERR_SSL_') && reason !== undefined ? reason : message
}

function pause(ms: number, waiting: Waiting): Promise<void> {
  return waiting.stage((resolve) => {
    const timer = setTimeout(resolve, ms)
    return () => clearTimeout(timer)
  })
}
