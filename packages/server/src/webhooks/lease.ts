import type { Notebook } from '@bailiwick/core'
import { ulid } from 'ulid'

const bucket = 'leases'
const lastsMs = 15_000

/**
 * A task that one of many processes does, at most one at a time: whoever writes a name into the notebook, until it is
 * written no more. A process that stands still for longer than the lease lasts may find that another has gone on: what
 * it then writes must not undo that.
 */
export class Lease {
  readonly #holder = ulid()
  #until = 0

  constructor(
    private readonly notebook: Notebook,
    private readonly task: string,
    private readonly clock: () => number,
  ) {}

  /** Whether it is ours at this moment. */
  get isHeld(): boolean {
    return this.clock() < this.#until
  }

  /** Take it if nobody has it; keep it if we do. @returns whether it is ours. */
  async hold(): Promise<boolean> {
    const now = this.clock()
    // Renewed only now and then: each time is a write.
    if (this.#until - now > lastsMs / 2) return true
    const expiresAt = now + lastsMs
    const isOurs =
      (await this.notebook.replace(bucket, this.task, this.#holder, this.#holder, { expiresAt })) ||
      (await this.notebook.insert(bucket, this.task, this.#holder, { expiresAt }))
    this.#until = isOurs ? expiresAt : 0
    return isOurs
  }

  /** Let another take it at once. */
  async release(): Promise<void> {
    if (!this.isHeld) return
    this.#until = 0
    await this.notebook.replace(bucket, this.task, this.#holder, this.#holder, { expiresAt: this.clock() })
  }
}
