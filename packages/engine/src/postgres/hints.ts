import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { Client } from 'pg'
import { isUnknown } from './postgres-errors.js'

const firstPauseMs = 500
const longestPauseMs = 30_000
/** Others who hear of something look at all there is: more often than this they need not be told. */
const tellEveryMs = 10

/**
 * Tells other processes that there is something new, and hears of it from them: with `NOTIFY`, on a connection of its
 * own. A pooler may break it, and it may be lost at any time: nobody may depend on it.
 *
 * It is not part of the transactions that commit: there it would put them all in one line, over all organizations.
 */
export class Hints {
  readonly #self = randomUUID()
  readonly #connect: () => Client
  readonly #channel: string
  #client: Client | undefined
  #timer: NodeJS.Timeout | undefined
  #isStarted = false
  #isStopped = false
  #pauseMs = firstPauseMs
  #isTelling = false
  #isToBeTold = false

  constructor(connect: () => Client, schema: string) {
    this.#connect = connect
    this.#channel = `bailiwick_${schema}`.slice(0, 63)
  }

  /** @param heard - Called for what others tell. */
  start(heard: () => void): void {
    if (this.#isStarted || this.#isStopped) return
    this.#isStarted = true
    void this.#open(heard)
  }

  /** Tell the others; what is told while that is under way goes together. */
  tell(): void {
    this.#isToBeTold = true
    if (!this.#isTelling) void this.#tellAll()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => {})
  }

  async #open(heard: () => void): Promise<void> {
    const client = this.#connect()
    const lost = () => {
      if (this.#client === client) this.#client = undefined
      this.#openLater(heard)
    }
    client.on('error', () => {})
    client.once('end', lost)
    client.on('notification', ({ payload }) => {
      if (payload !== this.#self) heard()
    })
    try {
      await client.connect()
      await client.query(`LISTEN "${this.#channel}"`)
      if (this.#isStopped) return await client.end()
      this.#client = client
      this.#pauseMs = firstPauseMs
      // While nobody listened, something may have come.
      heard()
    } catch (error) {
      if (isUnknown(error)) this.#doWithout(error)
      await client.end().catch(() => {})
      lost()
    }
  }

  /** A server without `LISTEN` will not have it in a minute. Looking again and again is enough: it is said once. */
  #doWithout(error: unknown): void {
    this.#isStopped = true
    process.emitWarning(
      `the database does not take LISTEN (${error instanceof Error ? error.message : String(error)}): what other processes write is found by looking, a little later`,
      { code: 'BAILIWICK_NO_LISTEN' },
    )
  }

  #openLater(heard: () => void): void {
    if (this.#isStopped || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (!this.#isStopped) void this.#open(heard)
    }, this.#pauseMs)
    this.#timer.unref()
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs)
  }

  async #tellAll(): Promise<void> {
    this.#isTelling = true
    while (this.#isToBeTold && this.#client !== undefined) {
      this.#isToBeTold = false
      // A hint need not be on disk: within its own transaction it says so, and waits for no flush.
      await this.#client
        .query("SELECT set_config('synchronous_commit', 'off', true), pg_notify($1, $2)", [
          this.#channel,
          this.#self,
        ])
        .catch(() => {})
      await pause(tellEveryMs, undefined, { ref: false })
    }
    this.#isToBeTold = false
    this.#isTelling = false
  }
}
