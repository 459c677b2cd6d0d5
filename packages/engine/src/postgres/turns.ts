/** One piece of work after the other under each key, in the order in which they came. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>()

  run<Value>(key: string, work: () => Promise<Value>): Promise<Value> {
    const before = this.#last.get(key)
    const done = before === undefined ? work() : before.then(work)
    // The next one comes whatever became of this one.
    const settled = done.then(
      () => {},
      () => {},
    )
    const over = settled.then(() => {
      if (this.#last.get(key) === over) this.#last.delete(key)
    })
    this.#last.set(key, over)
    return done
  }

  /** When everything that was begun is over. */
  async over(): Promise<void> {
    await Promise.all(this.#last.values())
  }
}
