/** So many pieces of work at once, and the others in the order in which they came. */
export class AtMost {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(many: number) {
    this.#free = many
  }

  async run<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      // Whoever waits takes the place over.
      const next = this.#waiting.shift()
      if (next === undefined) this.#free += 1
      else next()
    }
  }
}
