import type { Dispatcher, Pool } from 'undici'
import type { Waiting } from './waiting.js'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With its query, percent-encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
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
    let given: Dispatcher.DispatchController | undefined
    let isDropped = false
    let status = 0
    let headers: HttpAnswer['headers'] = {}
    const chunks: Buffer[] = []
    pool.dispatch(request, {
      onRequestStart(controller) {
        given = controller
        // It waited for a connection, and nobody waits for it any more: then it is not even sent.
        if (isDropped) controller.abort(dropped)
      },
      onResponseStart(_, statusCode, answered) {
        status = statusCode
        headers = answered
      },
      onResponseData(_, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        resolve({ kind: 'answered', answer: { status, headers, text: textOf(chunks) } })
      },
      onResponseError(_, cause) {
        resolve({ kind: 'broken', cause, wasSent: given !== undefined })
      },
    })
    return () => {
      isDropped = true
      given?.abort(dropped)
    }
  })
}

function textOf(chunks: readonly Buffer[]): string {
  const [only] = chunks
  return (chunks.length === 1 ? (only as Buffer) : Buffer.concat(chunks)).toString()
}
