import { LRUCache } from 'lru-cache'
import type { VerifiedToken } from './verify-token.js'

/**
 * Tokens that have been verified, the least recently used forgotten first. They are looked up by how they end and then
 * compared as a whole: to hash a kilobyte for each request costs several times as much.
 */
export class VerifiedTokens {
  readonly #byTail: LRUCache<string, { readonly token: string; readonly verified: VerifiedToken }>

  constructor(max: number) {
    this.#byTail = new LRUCache({ max })
  }

  /** @param token - Whatever was handed over for one. */
  get(token: unknown): VerifiedToken | undefined {
    if (typeof token !== 'string') return undefined
    const known = this.#byTail.get(tailOf(token))
    return known !== undefined && known.token === token ? known.verified : undefined
  }

  set(token: string, verified: VerifiedToken): void {
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
