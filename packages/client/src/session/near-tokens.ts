import type { VerifiedToken } from './verify-token.js'

/** A header that a request has brought, and what its token was found to say. */
export interface NearToken {
  readonly authorization: string
  readonly token: string
  readonly verified: VerifiedToken
  /** Whether a request has brought it since `takeAsked`. */
  isAsked: boolean
}

const places = 1_024

/**
 * Tokens that were asked for lately, by how they end, which is their signature and so as good as chance. Among a
 * thousand, to hash one and to move it up takes half a microsecond; here it is one comparison of the header as a whole,
 * from which the token need not be cut.
 */
export class NearTokens {
  readonly #near: (NearToken | undefined)[] = new Array(places).fill(undefined)

  /** What is here for a header. That it was asked for is remembered. */
  find(authorization: string): VerifiedToken | undefined {
    const near = this.#near[placeOf(authorization)]
    if (near === undefined || near.authorization !== authorization) return undefined
    near.isAsked = true
    return near.verified
  }

  /** Keep it, in the place of another one that ends alike. */
  add(authorization: string, token: string, verified: VerifiedToken): void {
    this.#near[placeOf(authorization)] = { authorization, token, verified, isAsked: false }
  }

  /** Forget a token, whatever stood before it in the header. */
  remove(token: string): void {
    const place = placeOf(token)
    if (this.#near[place]?.token === token) this.#near[place] = undefined
  }

  /** All tokens that were asked for since this was called before. */
  takeAsked(): readonly string[] {
    const asked: string[] = []
    for (const near of this.#near) {
      if (!near?.isAsked) continue
      near.isAsked = false
      asked.push(near.token)
    }
    return asked
  }
}

/** By the last four characters, which are the token's. */
function placeOf(text: string): number {
  const last = text.length - 1
  const end =
    text.charCodeAt(last) |
    (text.charCodeAt(last - 1) << 8) |
    (text.charCodeAt(last - 2) << 16) |
    (text.charCodeAt(last - 3) << 24)
  return Math.imul(end, 0x9e3779b1) >>> 22
}
