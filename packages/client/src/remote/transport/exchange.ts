import type { Dispatcher, Pool } from 'undici'
import type { Waiting } from './waiting.js'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query, percent-encoded. */
  readonly path: string
  /** Names and values in turn, which cost less than an object to read. */
  readonly headers: string[]
  readonly body: Buffer | null
}

export interface HttpAnswer {
  readonly status: number
  /** Lower-case names. A header that comes twice is a list. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
}

/** What became of one request: a whole answer, whatever it says, or a connection that was not to be had or broke. */
export type Exchanged =
  | { readonly kind: 'answered'; readonly answer: HttpAnswer }
  | { readonly kind: 'broken'; readonly cause: Error; readonly wasSent: boolean }

/** So that undici closes the connection: what still comes on it answers nobody. */
const dropped = new Error('the request was dropped')

/**
 * Send one request. Nothing is followed and nothing is repeated.
 *
 * It goes through `dispatch`, of which `Pool.request` is made too, because that makes no stream for a body of
 * fifty bytes.
 *
 * @throws only what `waiting` ends with.
 */
export function exchange(
  pool: Pick<Pool, 'dispatch'>,
  request: HttpRequest,
  waiting: Waiting,
): Promise<Exchanged> {
  return waiting.stage((resolve) => {
    const answering = new Answering(resolve)
    pool.dispatch(request, answering)
    return () => answering.drop()
  })
}

/** Takes the answer to one request as it comes in. */
class Answering implements Dispatcher.DispatchHandler {
  #controller: Dispatcher.DispatchController | undefined
  #wasSent = false
  #isDropped = false
  #status = 0
  #headers: HttpAnswer['headers'] = {}
  #first: Buffer | undefined
  #others: Buffer[] | undefined

  constructor(private readonly resolve: (exchanged: Exchanged) => void) {}

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#wasSent = true
    // It waited for a connection, and nobody waits for it any more: then it is not even sent.
    if (this.#isDropped) controller.abort(dropped)
  }

  onResponseStart(_: unknown, status: number, headers: HttpAnswer['headers']): void {
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    if (this.#first === undefined) this.#first = chunk
    else if (this.#others === undefined) this.#others = [chunk]
    else this.#others.push(chunk)
  }

  onResponseEnd(): void {
    // Whoever holds on to it makes one request after the other survive until a full collection.
    this.#controller = undefined
    this.resolve({
      kind: 'answered',
      answer: { status: this.#status, headers: this.#headers, text: this.#text() },
    })
  }

  onResponseError(_: unknown, cause: Error): void {
    this.#controller = undefined
    this.resolve({ kind: 'broken', cause, wasSent: this.#wasSent })
  }

  /** Nobody waits for the answer any more. */
  drop(): void {
    this.#isDropped = true
    this.#controller?.abort(dropped)
  }

  #text(): string {
    if (this.#first === undefined) return ''
    return (
      this.#others === undefined ? this.#first : Buffer.concat([this.#first, ...this.#others])
    ).toString()
  }
}
