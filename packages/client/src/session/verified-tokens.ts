import { LRUCache } from 'lru-cache'
import { NearTokens } from './near-tokens.js'
import type { VerifiedToken } from './verify-token.js'

const scheme = 'Bearer '

interface KeptToken {
  readonly token: string
  readonly verified: VerifiedToken
}

/**
 * Tokens that have been verified, the least recently used forgotten first. They are looked up by how they end and then
 * compared as a whole: to hash a kilobyte for each request costs several times as much.
 */
export class VerifiedTokens {
  readonly #byTail: LRUCache<string, KeptToken>
  /** Some of them. They are asked for without being moved up: see `set`. */
  readonly #near = new NearTokens()

  constructor(private readonly max: number) {
    this.#byTail = new LRUCache({ max, dispose: ({ token }) => this.#near.remove(token) })
  }

  /** @param token - Whatever was handed over for one. */
  get(token: unknown): VerifiedToken | undefined {
    if (typeof token !== 'string') return undefined
    const kept = this.#byTail.get(tailOf(token))
    return kept?.token === token ? kept.verified : undefined
  }

  /** The same for the `Authorization` header that brings it. */
  broughtBy(authorization: string): VerifiedToken | undefined {
    const near = this.#near.find(authorization)
    if (near !== undefined || !authorization.startsWith(scheme)) return near
    const token = authorization.slice(scheme.length)
    const verified = this.get(token)
    if (verified !== undefined) this.#near.add(authorization, token, verified)
    return verified
  }

  set(token: string, verified: VerifiedToken): void {
    // Before one is forgotten: those asked for since are the most recently used.
    if (this.#byTail.size >= this.max)
      for (const asked of this.#near.takeAsked()) this.#byTail.get(tailOf(asked))
    this.#byTail.set(tailOf(token), { token, verified })
  }

  delete(token: string): void {
    this.#byTail.delete(tailOf(token))
  }
}

/** What a token ends with is of its signature, so that no two that are good end alike. */
export function tailOf(token: string): string {
  return token.slice(-48)
}
