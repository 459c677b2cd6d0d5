import type { Moment } from '@bailiwick/core'

/** The time until the next change of an organization: an object for whoever asks, and none for those who do not. */
export class CurrentMoment {
  #moment: { isOver: boolean } | undefined

  get(): Moment {
    this.#moment ??= { isOver: false }
    return this.#moment
  }

  end(): void {
    if (this.#moment === undefined) return
    this.#moment.isOver = true
    this.#moment = undefined
  }
}
