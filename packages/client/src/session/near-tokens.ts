import type { VerifiedToken } from './verify-token.js'

/** A token, and what it was found to say. */
export interface KeptToken {
  readonly token: string
  readonly verified: VerifiedToken
  /** Whether a request has brought it since `takeAsked`. */
  isAsked: boolean
}

const places = 1_024

/**
 * Tokens that were asked for lately, by how they end, which is their signature and so as good as chance. Among a
 * thousand, to hash one and to move it up takes half a microsecond; here it is one comparison of the whole.
 */
export class NearTokens {
  readonly #kept: (KeptToken | undefined)[] = new Array(places).fill(undefined)

  /** The token, if it is here. That it was asked for is remembered. */
  find(token: string): KeptToken | undefined {
    const kept = this.#kept[placeOf(token)]
    if (kept === undefined || kept.token !== token) return undefined
    kept.isAsked = true
    return kept
  }

  /** Keep it, in the place of another one that ends alike. */
  add(kept: KeptToken): void {
    this.#kept[placeOf(kept.token)] = kept
  }

  remove(kept: KeptToken): void {
    const place = placeOf(kept.token)
    if (this.#kept[place] === kept) this.#kept[place] = undefined
  }

  /** All that were asked for since this was called before. */
  takeAsked(): readonly KeptToken[] {
    const asked: KeptToken[] = []
    for (const kept of this.#kept) {
      if (!kept?.isAsked) continue
      kept.isAsked = false
      asked.push(kept)
    }
    return asked
  }
}

/** By the last four characters. */
function placeOf(token: string): number {
  const last = token.length - 1
  const end =
    token.charCodeAt(last) |
    (token.charCodeAt(last - 1) << 8) |
    (token.charCodeAt(last - 2) << 16) |
    (token.charCodeAt(last - 3) << 24)
  return Math.imul(end, 0x9e3779b1) >>> 22
}
