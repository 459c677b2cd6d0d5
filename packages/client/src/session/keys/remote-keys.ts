import { KeysUnavailable } from '@bailiwick/core'
import type { JwksTimings } from '../session-options.js'
import type { FetchJwks } from './fetch-jwks.js'
import { type KeySet, readKeySet } from './key-set.js'
import type { KeySource } from './key-source.js'
import type { TrustedKey } from './trusted-key.js'

/** After a failed fetch the next one waits this long, so that an outage of the issuer costs one request a second. */
const retryMs = 1_000

export interface RemoteKeysOptions extends Required<JwksTimings> {
  readonly fetchJwks: FetchJwks
  /** Names the address in messages. */
  readonly url: string
  readonly clock: () => number
}

/**
 * The keys that an issuer publishes at an address: fetched on first use, by one request at a time, refreshed ahead
 * of their age without anybody waiting, and kept for a bounded time when the issuer does not answer.
 */
export class RemoteKeys implements KeySource {
  readonly #options: RemoteKeysOptions
  #keys: KeySet | undefined
  #fetchedAt = 0
  /** How often keys have arrived: tells a caller whether they are newer than its question. */
  #arrivals = 0
  #failure: { readonly at: number; readonly cause: unknown } | undefined
  #soughtUnknownAt: number | undefined
  #flight: Promise<KeySet> | undefined

  constructor(options: RemoteKeysOptions) {
    this.#options = options
  }

  async find(kid: string): Promise<TrustedKey | undefined> {
    const arrivals = this.#arrivals
    const key = (await this.#current()).get(kid)
    if (key !== undefined || this.#arrivals !== arrivals) return key
    return (await this.#newerForUnknown()).get(kid)
  }

  peek(kid: string, nowMs: number): TrustedKey | undefined {
    return this.#age(nowMs) <= this.#options.maxAgeMs / 2 ? this.#keys?.get(kid) : undefined
  }

  /** Keys that are young enough, or the last good ones while the issuer does not answer. */
  async #current(): Promise<KeySet> {
    const { maxAgeMs, staleForMs } = this.#options
    const keys = this.#keys
    const age = this.#age()
    if (keys === undefined || age > staleForMs) return this.#refresh()
    if (age <= maxAgeMs / 2) return keys
    const refreshed = this.#refresh().catch(() => keys)
    // Past their age the first caller waits for newer keys. Once that has failed, nobody waits for an issuer that
    // is down, and the next attempt runs beside the requests.
    return age <= maxAgeMs || this.#failure !== undefined ? keys : refreshed
  }

  /**
   * The issuer may have begun to sign with a new key, or somebody made the `kid` up: look, but not for each token.
   *
   * @throws {KeysUnavailable} when the issuer does not answer: then it may well be a new key.
   */
  #newerForUnknown(): KeySet | Promise<KeySet> {
    const { clock, cooldownMs } = this.#options
    if (this.#flight !== undefined || this.#failure !== undefined) return this.#refresh()
    if (this.#soughtUnknownAt !== undefined && isWithin(this.#soughtUnknownAt, cooldownMs, clock())) {
      return this.#keys ?? new Map()
    }
    this.#soughtUnknownAt = clock()
    return this.#refresh()
  }

  /** One fetch at a time, however many ask, and none just after one that failed. */
  #refresh(): Promise<KeySet> {
    if (this.#flight !== undefined) return this.#flight
    const failure = this.#failure
    if (failure !== undefined && isWithin(failure.at, retryMs, this.#options.clock())) {
      return Promise.reject(this.#unavailable(failure.cause))
    }
    this.#flight = this.#fetch().finally(() => {
      this.#flight = undefined
    })
    return this.#flight
  }

  async #fetch(): Promise<KeySet> {
    try {
      this.#keys = readKeySet(await this.#options.fetchJwks(), this.#keys)
      this.#fetchedAt = this.#options.clock()
      this.#arrivals += 1
      this.#failure = undefined
      return this.#keys
    } catch (cause) {
      if (this.#failure === undefined) this.#warn(cause)
      this.#failure = { at: this.#options.clock(), cause }
      throw this.#unavailable(cause)
    }
  }

  /** A clock that was set back makes the keys due, rather than young for longer. */
  #age(now: number = this.#options.clock()): number {
    if (now < this.#fetchedAt) this.#fetchedAt = now - this.#options.maxAgeMs - 1
    return now - this.#fetchedAt
  }

  #unavailable(cause: unknown): KeysUnavailable {
    return new KeysUnavailable(`the issuer's keys cannot be had from ${this.#options.url}`, retryMs / 1_000, {
      cause,
    })
  }

  /** Once for each outage: callers are told to come back, and not why. */
  #warn(cause: unknown): void {
    const { url } = this.#options
    const why = reasonOf(cause)
    if (this.#keys === undefined) {
      const message = `the issuer's keys cannot be had from ${url}, so that no token can be verified: ${why}`
      process.emitWarning(message, { code: 'BAILIWICK_KEYS_UNAVAILABLE' })
    } else {
      const message = `the issuer's keys cannot be refreshed from ${url}; the last good ones serve on: ${why}`
      process.emitWarning(message, { code: 'BAILIWICK_KEYS_STALE' })
    }
  }
}

/** Nothing of what was answered: it may be anything. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error) || cause instanceof SyntaxError) return 'the answer is no set of keys'
  const { code } = cause as { readonly code?: unknown }
  return typeof code === 'string' ? code : cause.message
}

function isWithin(since: number, spanMs: number, now: number): boolean {
  return now >= since && now - since < spanMs
}
