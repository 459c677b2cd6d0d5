import {
  type AuthorizationError,
  type CheckOptions,
  type CheckQuestion,
  type Decision,
  InputInvalid,
  limits,
} from '@bailiwick/core'
import { renderCheckQuestion } from '@bailiwick/wire'
import type { Freshness } from './own-writes.js'
import { asOfEngine } from './read-answer.js'
import type { Service } from './service.js'
import type { Waiting } from './transport/waiting.js'

/** A question as it goes out. */
export interface Asked {
  readonly question: CheckQuestion
  /** The same, written down: equal questions are the same text. */
  readonly json: string
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

interface Asker {
  readonly resolve: (decision: Decision) => void
  readonly reject: (error: unknown) => void
}

/** One question on its way, and everybody who has asked it. */
interface Flight extends Asked {
  readonly key: string
  /** Mostly one. */
  readonly askers: Asker[]
  readonly batch: Batch
}

/** The questions of one turn of the event loop. */
interface Batch {
  readonly flights: Flight[]
  readonly waiting: Waiting
  isSent: boolean
}

/**
 * Single checks, gathered: those of one turn of the event loop go out as one request, and the same question twice at
 * a time goes out once. Nothing is kept once it is answered.
 */
export class Checks {
  readonly #flights = new Map<string, Flight>()
  #gathering: Batch | undefined

  constructor(
    private readonly service: Service,
    private readonly asking: Asking,
  ) {}

  /** As `AuthorizationEngine.check`. */
  check(question: CheckQuestion, options: CheckOptions = {}): Promise<Decision> {
    const { signal } = options
    if (signal?.aborted) return Promise.reject(signal.reason as Error)
    const flight = this.#flightFor(this.#asked(question, options))
    return new Promise((resolve, reject) => {
      if (signal === undefined) flight.askers.push({ resolve, reject })
      else this.#join(flight, { resolve, reject }, signal)
    })
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
    const asked = questions.map((question) => this.#asked(question, options))
    const outcomes = await this.asking.ask(asked, this.service.waiting(options.signal))
    return outcomes.map((outcome) => {
      if (isError(outcome)) throw asOfEngine(outcome)
      return outcome
    })
  }

  #asked(question: CheckQuestion, options: CheckOptions): Asked {
    return {
      question,
      json: JSON.stringify(renderCheckQuestion(question)),
      freshness: this.service.freshness(question.organizationId, options),
    }
  }

  #flightFor({ question, json, freshness }: Asked): Flight {
    // JSON has no line break of its own, so that the last one tells the two parts apart, whatever a token holds.
    const key = freshness === undefined ? json : `${freshness}\n${json}`
    const known = this.#flights.get(key)
    if (known !== undefined && this.#mayJoin(known)) return known
    const batch = this.#batch()
    const flight: Flight = { key, question, json, freshness, askers: [], batch }
    batch.flights.push(flight)
    this.#flights.set(key, flight)
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

  #join(flight: Flight, asker: Asker, signal: AbortSignal): void {
    const leave = () => {
      flight.askers.splice(flight.askers.indexOf(asked), 1)
      asker.reject(signal.reason)
      this.#abandon(flight, signal.reason as Error)
    }
    const arrived = <Value>(settle: (value: Value) => void) => {
      return (value: Value) => {
        signal.removeEventListener('abort', leave)
        settle(value)
      }
    }
    const asked: Asker = { resolve: arrived(asker.resolve), reject: arrived(asker.reject) }
    flight.askers.push(asked)
    signal.addEventListener('abort', leave)
  }

  /** Nobody asks this any more. Before it is sent somebody still may; after that, nobody joins what is called off. */
  #abandon(flight: Flight, reason: Error): void {
    const { batch, askers } = flight
    if (!batch.isSent || askers.length > 0) return
    this.#forget(flight)
    if (batch.flights.every((each) => each.askers.length === 0)) batch.waiting.giveUp(reason)
  }

  async #send(batch: Batch): Promise<void> {
    if (this.#gathering === batch) this.#gathering = undefined
    batch.isSent = true
    const wanted: Flight[] = []
    for (const flight of batch.flights) {
      if (flight.askers.length > 0) wanted.push(flight)
      else this.#forget(flight)
    }
    if (wanted.length === 0) return batch.waiting.done()
    try {
      const outcomes = await this.asking.ask(wanted, batch.waiting)
      for (const [index, flight] of wanted.entries()) this.#land(flight, outcomes[index] as Outcome)
    } catch (error) {
      for (const flight of wanted) this.#land(flight, error as AuthorizationError)
    }
  }

  #forget(flight: Flight): void {
    if (this.#flights.get(flight.key) === flight) this.#flights.delete(flight.key)
  }

  #land(flight: Flight, outcome: Outcome): void {
    this.#forget(flight)
    for (const { resolve, reject } of flight.askers) {
      if (isError(outcome)) reject(asOfEngine(outcome))
      else resolve(outcome)
    }
  }
}

function isError(outcome: Outcome): outcome is AuthorizationError {
  return outcome instanceof Error
}
