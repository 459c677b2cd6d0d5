import { isAuthorizationError, RemoteUnavailable } from '@bailiwick/core'
import { type Dispatcher, Pool } from 'undici'
import { readAnswer } from '../remote/read-answer.js'
import type { CheckedOptions } from '../remote/remote-options.js'

/** How a request differs from the others: its headers, how long its body may say nothing, who may call it off. */
export type ReadingOptions = Pick<Dispatcher.RequestOptions, 'bodyTimeout' | 'signal'> & {
  readonly headers?: Readonly<Record<string, string>>
}

/** How long a server may take to connect, or to begin an answer. */
export const patienceMs = 5_000

const mostConnections = 16

/**
 * Reads what a server tells at length: answers that are taken while they come, on connections of their own. Everything
 * rejects with an error of kind `unavailable`, or of the API key.
 */
export class Reading {
  readonly #pool: Pool
  readonly #prefix: string
  readonly #headers: Readonly<Record<string, string>>

  constructor({ origin, prefix, apiKey }: CheckedOptions) {
    this.#pool = new Pool(origin, { connections: mostConnections, connect: { timeout: patienceMs } })
    this.#prefix = prefix
    this.#headers = { authorization: `Bearer ${apiKey}` }
  }

  /** The text of a success, in the pieces in which it comes. */
  async get(path: string, options: ReadingOptions): Promise<AsyncIterable<string>> {
    try {
      const answer = await this.#pool.request({
        method: 'GET',
        path: `${this.#prefix}${path}`,
        headersTimeout: patienceMs,
        ...options,
        headers: { ...this.#headers, ...options.headers },
      })
      const { statusCode: status, headers, body } = answer
      if (status !== 200) {
        readAnswer({ status, headers, text: await body.text() }, undefined)
        throw new RemoteUnavailable('remote_answer_invalid', `the service answered with the status ${status}`)
      }
      return textOf(body)
    } catch (cause) {
      throw asUnavailable(cause)
    }
  }

  close(): Promise<void> {
    return this.#pool.destroy()
  }
}

async function* textOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    for await (const piece of body) yield decoder.decode(piece, { stream: true })
  } catch (cause) {
    throw asUnavailable(cause)
  }
}

function asUnavailable(cause: unknown): unknown {
  return isAuthorizationError(cause)
    ? cause
    : new RemoteUnavailable('remote_unreachable', 'the connection to the service broke', { cause })
}
