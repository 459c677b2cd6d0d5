/**
 * How long somebody waits: until the deadline, or until she gives up. It is one timer for the whole of a call,
 * with its queueing, its attempts and the pauses between them; one stage at a time is told of the end.
 */
export class Waiting {
  readonly #endsAt: number
  readonly #clock: () => number
  readonly #timer: NodeJS.Timeout
  readonly #signal: AbortSignal | undefined
  readonly #onAbort: (() => void) | undefined
  #reason: Error | undefined
  /** How the stage that it is in ends badly, and is undone. */
  #reject: ((reason: Error) => void) | undefined
  #undo: (() => void) | undefined

  /**
   * @param ms - How long from now.
   * @param late - What it ends with when the time is up.
   */
  constructor(
    ms: number,
    late: () => Error,
    options: { readonly clock: () => number; readonly signal?: AbortSignal | undefined },
  ) {
    this.#clock = options.clock
    this.#endsAt = options.clock() + ms
    this.#timer = setTimeout(() => this.giveUp(late()), ms)
    this.#signal = options.signal
    if (options.signal === undefined) return
    const { signal } = options
    this.#onAbort = () => this.giveUp(signal.reason as Error)
    if (signal.aborted) this.#onAbort()
    else signal.addEventListener('abort', this.#onAbort)
  }

  get leftMs(): number {
    return this.#endsAt - this.#clock()
  }

  /** End now; what is being done is undone, as far as it can be. */
  giveUp(reason: Error): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    const reject = this.#reject
    const undo = this.#undo
    this.done()
    // In this order: what is undone may report that at once, and the reason is why it was.
    reject?.(reason)
    undo?.()
  }

  /** No longer needed. */
  done(): void {
    clearTimeout(this.#timer)
    if (this.#onAbort !== undefined) this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#endStage()
  }

  /**
   * Go through one stage.
   *
   * @param start - Begins it, and says how to undo it when the waiting ends first.
   */
  stage<Value>(
    start: (resolve: (value: Value) => void, reject: (reason: Error) => void) => () => void,
  ): Promise<Value> {
    return new Promise((resolve, reject) => {
      if (this.#reason !== undefined) return reject(this.#reason)
      this.#reject = reject
      const undo = start(
        (value) => {
          this.#endStage()
          resolve(value)
        },
        (reason) => {
          this.#endStage()
          reject(reason)
        },
      )
      // It may be over already.
      if (this.#reject === reject) this.#undo = undo
    })
  }

  /** Wait for something that cannot be undone; its end is not waited for when the time is up. */
  until<Value>(promise: Promise<Value>): Promise<Value> {
    return this.stage((resolve, reject) => {
      promise.then(resolve, reject)
      return () => {}
    })
  }

  // By fields, and each let go of: with a function that held both, what came of one stage outlived it by several
  // collections of young objects, with the whole text of its answer.
  #endStage(): void {
    this.#reject = undefined
    this.#undo = undefined
  }
}
