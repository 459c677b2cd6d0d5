import {
  type AuthorizationError,
  type CheckOptions,
  type CheckQuestion,
  type Decision,
  InputInvalid,
  limits,
} from '@bailiwick/core'
import { takeDown, type WrittenCheck } from '@bailiwick/wire'
import type { Freshness } from './own-writes.js'
import { asOfEngine } from './read-answer.js'
import type { Service } from './service.js'
import type { Waiting } from './transport/waiting.js'
import { keyOf, type OnItsWay, UnderWay } from './under-way.js'

/** A question as it goes out. */
export interface Asked {
  readonly question: CheckQuestion
  /** The same, as it was when it was asked. */
  readonly check: WrittenCheck
  readonly freshness: Freshness | undefined
}

/** What came of one question among several. */
export type Outcome = Decision | AuthorizationError

/** How a service is asked. */
export interface Asking {
  /** How many questions go into one request. */
  readonly most: number
  /** One outcome for each question, in their order. The time of `waiting` is over with it. */
  ask(asked: readonly Asked[], waiting: Waiting): Promise<readonly Outcome[]>
}

/** The questions of one turn of the event loop. */
interface Batch {
  readonly flights: Flight[]
  readonly waiting: Waiting
  isSent: boolean
}

/** One question on its way, and its answer for everybody who has asked it. */
class Flight implements Asked, OnItsWay {
  /** How many have asked it and not left. */
  askers = 0
  next: this | undefined = undefined
  readonly decision: Promise<Decision>
  #resolve!: (decision: Decision) => void
  #reject!: (error: unknown) => void

  constructor(
    readonly key: number,
    readonly question: CheckQuestion,
    readonly check: WrittenCheck,
    readonly freshness: Freshness | undefined,
    readonly batch: Batch,
  ) {
    this.decision = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  land(outcome: Outcome): void {
    if (isError(outcome)) this.#reject(asOfEngine(outcome))
    else this.#resolve(outcome)
  }
}

/**
 * Single checks, gathered: those of one turn of the event loop go out as one request, and the same question twice at
 * a time goes out once. Nothing is kept once it is answered.
 */
export class Checks {
  readonly #underWay = new UnderWay<Flight>()
  #gathering: Batch | undefined

  constructor(
    private readonly service: Service,
    private readonly asking: Asking,
  ) {}

  /** As `AuthorizationEngine.check`. */
  check(question: CheckQuestion, options: CheckOptions = {}): Promise<Decision> {
    const { signal } = options
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    const flight = this.#flightFor(question, options)
    flight.askers++
    return signal === undefined ? flight.decision : this.#until(signal, flight)
  }

  /** As `AuthorizationEngine.checkMany`: one request, which nothing joins. */
  async checkMany(
    questions: readonly CheckQuestion[],
    options: CheckOptions = {},
  ): Promise<readonly Decision[]> {
    const { checksPerBatch } = limits
    if (questions.length === 0) return []
    if (questions.length > checksPerBatch)
      throw new InputInvalid('questions', `must be at most ${checksPerBatch}`, questions.length)
    const asked = questions.map((question) => ({
      question,
      check: takeDown(question),
      freshness: this.service.freshness(question.organizationId, options),
    }))
    const outcomes = await this.asking.ask(asked, this.service.waiting(options.signal))
    return outcomes.map((outcome) => {
      if (isError(outcome)) throw asOfEngine(outcome)
      return outcome
    })
  }

  #flightFor(question: CheckQuestion, options: CheckOptions): Flight {
    const check = takeDown(question)
    const freshness = this.service.freshness(question.organizationId, options)
    const key = keyOf(check)
    const known = this.#underWay.get(key, check, freshness)
    if (known !== undefined && this.#mayJoin(known)) return known
    const batch = this.#batch()
    const flight = new Flight(key, question, check, freshness, batch)
    batch.flights.push(flight)
    this.#underWay.set(flight)
    return flight
  }

  // Who asks for the latest means newer than a question that may have been decided already; and who comes late
  // would have what is left of another's time.
  #mayJoin({ batch, freshness }: Flight): boolean {
    if (!batch.isSent) return true
    return freshness !== 'latest' && batch.waiting.leftMs > this.service.deadlineMs / 2
  }

  #batch(): Batch {
    if (this.#gathering !== undefined && this.#gathering.flights.length < this.asking.most)
      return this.#gathering
    const batch: Batch = { flights: [], waiting: this.service.waiting(), isSent: false }
    this.#gathering = batch
    // After what the sockets have brought in this turn: the checks of requests that came together go together.
    setImmediate(() => void this.#send(batch))
    return batch
  }

  /** The answer, unless the signal comes first. */
  #until(signal: AbortSignal, flight: Flight): Promise<Decision> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        flight.askers--
        reject(signal.reason)
        this.#abandon(flight, signal.reason as Error)
      }
      signal.addEventListener('abort', leave, { once: true })
      const stay = () => signal.removeEventListener('abort', leave)
      flight.decision.finally(stay).then(resolve, reject)
    })
  }

  /** Nobody asks this any more. Before it is sent somebody still may; after that, nobody joins what is called off. */
  #abandon(flight: Flight, reason: Error): void {
    const { batch, askers } = flight
    if (!batch.isSent || askers > 0) return
    this.#underWay.delete(flight)
    if (batch.flights.every((each) => each.askers === 0)) batch.waiting.giveUp(reason)
  }

  async #send(batch: Batch): Promise<void> {
    if (this.#gathering === batch) this.#gathering = undefined
    batch.isSent = true
    const wanted: Flight[] = []
    for (const flight of batch.flights) {
      if (flight.askers > 0) wanted.push(flight)
      else this.#underWay.delete(flight)
    }
    if (wanted.length === 0) return batch.waiting.done()
    try {
      const outcomes = await this.asking.ask(wanted, batch.waiting)
      for (let at = 0; at < wanted.length; at++) this.#land(wanted[at] as Flight, outcomes[at] as Outcome)
    } catch (error) {
      for (const flight of wanted) this.#land(flight, error as AuthorizationError)
    }
  }

  #land(flight: Flight, outcome: Outcome): void {
    this.#underWay.delete(flight)
    flight.land(outcome)
  }
}

function isError(outcome: Outcome): outcome is AuthorizationError {
  return outcome instanceof Error
}
