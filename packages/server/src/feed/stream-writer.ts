import type { ServerResponse } from 'node:http'

/** How a wait for the reader ended. */
export type Drained = 'taken' | 'slow' | 'gone'

/**
 * Writes an answer that is made while it is sent. Whoever writes waits for the reader to take it, so that no more of
 * it is in memory than what was written since.
 */
export class StreamWriter {
  #isOpen = true

  constructor(
    private readonly response: ServerResponse,
    /** How long a reader may take nothing. Milliseconds. */
    private readonly patienceMs: number,
  ) {
    response.once('close', () => {
      this.#isOpen = false
    })
    // A connection that breaks also closes, and there is nobody to be told.
    response.on('error', () => {})
  }

  /** Whether anybody reads. */
  get isOpen(): boolean {
    return this.#isOpen
  }

  write(text: string): void {
    if (this.#isOpen) this.response.write(text)
  }

  /** Wait until the reader has taken what was written. */
  async drained(): Promise<Drained> {
    const { response, patienceMs } = this
    if (!this.#isOpen) return 'gone'
    if (!response.writableNeedDrain) return 'taken'
    return new Promise((resolve) => {
      const settle = (how: Drained) => {
        clearTimeout(timer)
        response.off('drain', taken)
        response.off('close', gone)
        resolve(how)
      }
      const taken = () => settle('taken')
      const gone = () => settle('gone')
      // When this process was busy itself, what the reader has taken meanwhile is only heard of after the timers.
      const timer = setTimeout(() => setImmediate(() => settle('slow')), patienceMs)
      response.once('drain', taken)
      response.once('close', gone)
    })
  }

  /** Say the last thing. A reader who does not take even that is cut off. */
  end(text: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    const { response, patienceMs } = this
    const cut = setTimeout(() => response.destroy(), patienceMs).unref()
    response.once('close', () => clearTimeout(cut))
    response.end(text)
  }

  /** Break off, so that the reader sees that something is missing. */
  cut(): void {
    this.#isOpen = false
    this.response.destroy()
  }
}
