/** Wakes everybody who waits, when there is something new. */
export class Bell {
  readonly #waiting = new Set<() => void>()
  #rung = 0

  /** How often it has rung: to be noted before one looks, so that nothing is missed between looking and waiting. */
  get rung(): number {
    return this.#rung
  }

  ring(): void {
    this.#rung++
    for (const wake of [...this.#waiting]) wake()
  }

  /** Wait until it rings, no longer than this; not at all when it has rung since `noted`. */
  next(noted: number, mostMs: number): Promise<void> {
    if (this.#rung !== noted || mostMs <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, mostMs)
      this.#waiting.add(wake)
    })
  }
}
