/**
 * How many requests may be sent again: one for every ten that were sent. A service in trouble gets no more work
 * from being in trouble.
 */
export class RetryBudget {
  #saved = 1

  /** A request is sent for the first time. */
  earn(): void {
    if (this.#saved < mostSaved) this.#saved += share
  }

  /** @returns Whether one more may be sent. */
  spend(): boolean {
    if (this.#saved < 1) return false
    this.#saved--
    return true
  }
}

// Less than a tenth, because the first is lent.
const share = 0.09
// A pause does not save up a storm; and a first broken connection finds something to spend.
const mostSaved = 4
