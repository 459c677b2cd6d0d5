import { hash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { isAuthorizationError, type Notebook } from '@bailiwick/core'
import { FirstUnanswered, RequestRefused } from '@bailiwick/wire'
import { type AnswerNote, parseNote, renderNote, type SentAnswer } from './answer-note.js'

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

/** A request by its key, and what it asks for. */
interface KeyedRequest {
  readonly key: string
  readonly print: string
  readonly run: () => Promise<SentAnswer>
}

const bucket = 'idempotency'
const dayMs = 86_400_000
const mayTakeMs = 60_000
// Shorter than clients wait for a write, so that they hear why.
const longestWaitMs = 3_000
const longestPauseMs = 250

/** Failures after which it is known that nothing was stored. */
const storedNothing: ReadonlySet<string> = new Set([
  'store_full',
  'write_contended',
  'consistency_unreachable',
])

/**
 * Requests that run once, and whose answers are given again to the same request for 24 hours, by every process that
 * shares the notebook and over a restart. Whoever is first claims the key before anything runs. Nobody takes a claim
 * over: of a process that stands still nobody knows that it will not go on. So a claim that stays without an answer is
 * an error for whoever repeats the request, and never a second effect.
 *
 * A failure of the service by which nothing was stored gives the claim back: the request is to be tried again.
 */
export class AnsweredOnce {
  readonly #underWay = new Map<string, { readonly print: string; readonly answer: Promise<SentAnswer> }>()

  /** @param pause - Resolves after so many milliseconds. */
  constructor(
    private readonly notebook: Notebook,
    private readonly clock: () => number,
    private readonly pause: (ms: number) => Promise<unknown> = delay,
  ) {}

  /**
   * The answer to a request: that of `run`, or the one that was given before. Whoever comes while it runs waits
   * for the same answer; at another process, three seconds at most.
   *
   * @throws {RequestRefused} `idempotency_key_reused` when the key belongs to another request.
   * @throws {FirstUnanswered} when the first request with this key has no answer, as yet or for good.
   */
  async answer(request: RepeatableRequest, run: () => Promise<SentAnswer>): Promise<SentAnswer> {
    const { apiKeyId, idempotencyKey, method, url, body } = request
    const key = hash('sha256', JSON.stringify([apiKeyId, idempotencyKey]), 'hex')
    const print = hash('sha256', JSON.stringify([method, url, body ?? null]), 'hex')
    const first = this.#underWay.get(key)
    if (first !== undefined) {
      mustBeSame(first.print, print)
      return first.answer
    }
    const keyed = { key, print, run }
    const answer = this.notebook.access === 'exclusive' ? this.#alone(keyed) : this.#among(keyed)
    this.#underWay.set(key, { print, answer })
    try {
      return await answer
    } finally {
      this.#underWay.delete(key)
    }
  }

  /** No other process can have the key now: what one has left is there already. */
  async #alone(request: KeyedRequest): Promise<SentAnswer> {
    const note = await this.#read(request)
    if (note?.kind === 'answered') return note.answer
    if (note !== undefined) throw new FirstUnanswered('idempotency_outcome_unknown')
    // Not waited for: it is stored before what the request does, and mostly with it. A full disk has no room for it,
    // and must let those go on who take away.
    const claiming = this.#claim(request).catch(() => false)
    return this.#runClaimed(request, claiming)
  }

  async #among(request: KeyedRequest): Promise<SentAnswer> {
    const giveUpAt = this.clock() + longestWaitMs
    for (;;) {
      if (await this.#claim(request)) return this.#runClaimed(request, Promise.resolve(true))
      const answer = await this.#othersAnswer(request, giveUpAt)
      if (answer !== undefined) return answer
    }
  }

  /** `undefined`: whoever had the claim has given it back. */
  async #othersAnswer(request: KeyedRequest, giveUpAt: number): Promise<SentAnswer | undefined> {
    for (let pauseMs = 10; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const note = await this.#read(request)
      if (note === undefined) return undefined
      if (note.kind === 'answered') return note.answer
      const now = this.clock()
      if (now >= note.until) throw new FirstUnanswered('idempotency_outcome_unknown')
      if (now >= giveUpAt) throw new FirstUnanswered('idempotency_key_in_use')
      await this.pause(pauseMs)
    }
  }

  async #runClaimed(request: KeyedRequest, claiming: Promise<boolean>): Promise<SentAnswer> {
    let answer: SentAnswer
    try {
      answer = await request.run()
    } catch (error) {
      if (await claiming) await this.#failed(request, error)
      throw error
    }
    // What has happened is answered, kept or not: who repeats it then meets the claim.
    await this.#write(request, { kind: 'answered', print: request.print, answer }).catch(onlyUnavailable)
    return answer
  }

  async #failed(request: KeyedRequest, error: unknown): Promise<void> {
    const isKnown = isAuthorizationError(error) && storedNothing.has(error.code)
    const noted = isKnown
      ? this.notebook.remove(bucket, request.key)
      : this.#write(request, { kind: 'claimed', print: request.print, until: 0 })
    await noted.catch(onlyUnavailable)
  }

  #claim({ key, print }: KeyedRequest): Promise<boolean> {
    const now = this.clock()
    const claim = renderNote({ kind: 'claimed', print, until: now + mayTakeMs })
    return this.notebook.insert(bucket, key, claim, { expiresAt: now + dayMs })
  }

  #write({ key }: KeyedRequest, note: AnswerNote): Promise<void> {
    return this.notebook.write(bucket, key, renderNote(note), { expiresAt: this.clock() + dayMs })
  }

  async #read({ key, print }: KeyedRequest): Promise<AnswerNote | undefined> {
    const text = await this.notebook.read(bucket, key)
    if (text === undefined) return undefined
    const note = parseNote(text)
    mustBeSame(note.print, print)
    return note
  }
}

function mustBeSame(known: string, print: string): void {
  if (known === print) return
  throw new RequestRefused(
    'idempotency_key_reused',
    'this `Idempotency-Key` belongs to another request: make a new one for each request',
  )
}

/** The claim that stays tells whoever repeats the request; the one who made it has an answer or an error already. */
function onlyUnavailable(error: unknown): void {
  if (!isAuthorizationError(error) || error.kind !== 'unavailable') throw error
}
