/**
 * Lets many pass together, or one alone: that one waits for those who are inside, and whoever comes after it waits
 * for it.
 */
export class Gate {
  #inside = 0
  #alone: Promise<void> | undefined
  #emptied: (() => void) | undefined

  /** Resolves when whoever is alone inside has left, if anybody is: then ask again. */
  get closed(): Promise<void> | undefined {
    return this.#alone
  }

  /** Do work beside others. It must not ask to be alone itself. */
  async pass<Value>(work: () => Value | Promise<Value>): Promise<Value> {
    while (this.#alone !== undefined) await this.#alone
    this.#inside += 1
    try {
      return await work()
    } finally {
      this.#inside -= 1
      if (this.#inside === 0) this.#emptied?.()
    }
  }

  /** Do work while nobody is inside. */
  async alone<Value>(work: () => Promise<Value>): Promise<Value> {
    while (this.#alone !== undefined) await this.#alone
    let open = () => {}
    this.#alone = new Promise((resolve) => {
      open = resolve
    })
    try {
      if (this.#inside > 0) {
        await new Promise<void>((resolve) => {
          this.#emptied = resolve
        })
      }
      return await work()
    } finally {
      this.#emptied = undefined
      this.#alone = undefined
      open()
    }
  }
}
