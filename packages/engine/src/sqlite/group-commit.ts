import type { CommitLog } from './commit-log.js'
import { storeError } from './sqlite-errors.js'

/** What a write does when it runs: add to the log, which is written at the end; or write into other tables. */
type Where = 'log' | 'tables'

/** One write of a group. */
export interface Work<Outcome> {
  readonly where: Where
  /** Runs alone, in order. What it throws takes the writes of others with it: a refusal is a value. */
  run(): Outcome
  /** It is on disk. Must not throw. */
  durable(outcome: Outcome): void
  /** It is not, or nobody knows. Must not throw. */
  failed(error: unknown): void
}

/**
 * Writes that are issued in one turn of the event loop share one transaction, and so one flush of the disk, which
 * costs far more than the rest. Each is decided alone and in order, and none is answered before the flush. Those who
 * write again as soon as they are answered are waited for, and no longer: their next transaction needs no turn.
 */
export class GroupCommit {
  #waiting: Work<unknown>[] = []
  #isScheduled = false
  /** When the event loop was held up first, since it last had its turn. */
  #heldSince = 0

  constructor(private readonly log: CommitLog) {}

  /**
   * Write in the next transaction.
   *
   * @param write - Runs alone, in order, as `Work.run` does.
   * @param answer - What whoever waits is told of the outcome, or what it throws, when it is on disk.
   */
  run<Outcome, Answer>(
    where: Where,
    write: () => Outcome,
    answer: (outcome: Outcome) => Answer,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.add<Outcome>({
        where,
        run: write,
        durable: (outcome) => {
          try {
            resolve(answer(outcome))
          } catch (error) {
            reject(error)
          }
        },
        failed: reject,
      })
    })
  }

  /** Write in the next transaction, without a promise. */
  add<Outcome>(work: Work<Outcome>): void {
    if (!this.#isScheduled) this.#schedule()
    this.#waiting.push(work as Work<unknown>)
  }

  /** Commit whatever waits, now. */
  drain(): void {
    while (this.#waiting.length > 0) this.#commit(this.#take())
  }

  #schedule(): void {
    this.#isScheduled = true
    setImmediate(() => {
      this.#heldSince = performance.now()
      this.#commitNext()
    })
  }

  #commitNext(): void {
    this.#commit(this.#take())
    // A tick that is asked for by a microtask comes when all the others have run: those of whoever was answered. And
    // one that follows a promise costs less than what `queueMicrotask` makes around it.
    void settled.then(this.#soon)
  }

  readonly #soon = (): void => process.nextTick(this.#answered)

  readonly #answered = (): void => {
    this.#isScheduled = false
    if (this.#waiting.length === 0) return
    if (performance.now() - this.#heldSince < longestMs) {
      this.#isScheduled = true
      this.#commitNext()
    } else this.#schedule()
  }

  #take(): readonly Work<unknown>[] {
    if (this.#waiting.length > groupSize) return this.#waiting.splice(0, groupSize)
    const all = this.#waiting
    this.#waiting = []
    return all
  }

  #commit(group: readonly Work<unknown>[]): void {
    if (group.length === 0) return
    let outcomes: readonly unknown[]
    try {
      outcomes = this.#write(group)
    } catch (cause) {
      // Not even a conflict is certain now: it may be with a neighbour whose commit is gone.
      const error = storeError(cause, 'writing to the store')
      for (const work of group) work.failed(error)
      return
    }
    for (let n = 0; n < group.length; n++) group[n]?.durable(outcomes[n])
  }

  #write(group: readonly Work<unknown>[]): readonly unknown[] {
    const run = () => group.map((work) => work.run())
    try {
      this.log.prepare()
      if (group.some(({ where }) => where === 'tables')) return this.log.writeWith(run)
      const outcomes = run()
      this.log.write()
      return outcomes
    } catch (error) {
      this.log.forget()
      throw error
    }
  }
}

const settled = Promise.resolve()

/** So many writes at most hold up the event loop together. */
const groupSize = 256

/** So long transactions may follow one another, in milliseconds, before everything else has its turn. */
const longestMs = 2
