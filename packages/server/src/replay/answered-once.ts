import { hash } from 'node:crypto'
import type { Notebook } from '@bailiwick/core'
import { RequestRefused } from '@bailiwick/wire'

/** An answer as it went out. */
export interface SentAnswer {
  readonly status: number
  /** JSON, or `null` where there is no body. */
  readonly body: string | null
  /** The consistency token of the write. */
  readonly token: string | null
  /** Further headers. */
  readonly headers: Readonly<Record<string, string>>
}

/** A request that says by which key its repetition is known. */
export interface RepeatableRequest {
  /** The id of the API key: another's `Idempotency-Key` is another key. */
  readonly apiKeyId: string
  readonly idempotencyKey: string
  readonly method: string
  readonly url: string
  /** The body, parsed. */
  readonly body: unknown
}

const bucket = 'idempotency'
const dayMs = 86_400_000

/**
 * Answers that are given again to the same request for 24 hours, over a restart as well. A failure of the service
 * (5xx) is not remembered: the request is to be tried again.
 */
export class AnsweredOnce {
  readonly #underWay = new Map<string, { readonly print: string; readonly answer: Promise<SentAnswer> }>()

  constructor(
    private readonly notebook: Notebook,
    private readonly clock: () => number,
  ) {}

  /**
   * The answer to a request: that of `run`, or the one that was given before. Whoever comes while it runs waits
   * for the same answer.
   *
   * @throws {RequestRefused} `idempotency_key_reused` when the key belongs to another request.
   */
  async answer(request: RepeatableRequest, run: () => Promise<SentAnswer>): Promise<SentAnswer> {
    const key = hash('sha256', JSON.stringify([request.apiKeyId, request.idempotencyKey]), 'hex')
    const print = hash('sha256', JSON.stringify([request.method, request.url, request.body ?? null]), 'hex')
    const first = this.#underWay.get(key)
    if (first !== undefined) return mustBeSame(first.print, print, first.answer)
    const answer = this.#once(key, print, run)
    this.#underWay.set(key, { print, answer })
    try {
      return await answer
    } finally {
      this.#underWay.delete(key)
    }
  }

  async #once(key: string, print: string, run: () => Promise<SentAnswer>): Promise<SentAnswer> {
    const note = await this.notebook.read(bucket, key)
    if (note !== undefined) {
      const remembered = JSON.parse(note) as SentAnswer & { readonly print: string }
      const { status, body, token, headers } = remembered
      return mustBeSame(remembered.print, print, { status, body, token, headers })
    }
    const answer = await run()
    if (answer.status < 500) {
      const expiresAt = this.clock() + dayMs
      await this.notebook.write(bucket, key, JSON.stringify({ print, ...answer }), { expiresAt })
    }
    return answer
  }
}

function mustBeSame<Answer>(known: string, print: string, answer: Answer): Answer {
  if (known === print) return answer
  throw new RequestRefused(
    'idempotency_key_reused',
    'this `Idempotency-Key` belongs to another request: make a new one for each request',
  )
}
