import { type CryptoKey, importJWK } from 'jose'
import { type Algorithm, fitsAlgorithm } from '../algorithms.js'

/** A public key of the issuer. It stays the same object for as long as the issuer publishes it unchanged. */
export class TrustedKey {
  readonly #jwk: Readonly<Record<string, unknown>>
  readonly #imported = new Map<string, Promise<CryptoKey | undefined>>()

  constructor(
    readonly kid: string,
    jwk: Readonly<Record<string, unknown>>,
  ) {
    this.#jwk = jwk
  }

  /** The key as `algorithm` uses it, or `undefined` when it is of another kind, too weak, or broken. */
  for(algorithm: string): Promise<CryptoKey | undefined> {
    const known = this.#imported.get(algorithm)
    if (known !== undefined) return known
    const imported = importPublicKey(this.#jwk, algorithm as Algorithm)
    this.#imported.set(algorithm, imported)
    return imported
  }

  /** Whether the issuer means this very key. */
  equals(jwk: Readonly<Record<string, unknown>>): boolean {
    return JSON.stringify(this.#jwk) === JSON.stringify(jwk)
  }
}

async function importPublicKey(
  jwk: Readonly<Record<string, unknown>>,
  algorithm: Algorithm,
): Promise<CryptoKey | undefined> {
  if (!fitsAlgorithm(jwk, algorithm)) return undefined
  try {
    const { kty, crv, n, e, x, y } = jwk
    const publicPart = kty === 'RSA' ? { kty, n, e } : kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x }
    const key = await importJWK(publicPart as Parameters<typeof importJWK>[0], algorithm)
    return key instanceof Uint8Array || isWeak(key) ? undefined : key
  } catch {
    // Whatever is wrong with it, a key that cannot be imported verifies nothing.
    return undefined
  }
}

/** RFC 7518 section 3.3: RSA keys have at least 2048 bits. */
function isWeak(key: CryptoKey): boolean {
  return 'modulusLength' in key.algorithm && Number(key.algorithm.modulusLength) < 2_048
}
