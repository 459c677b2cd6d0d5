import { TrustedKey } from './trusted-key.js'

/** The keys of an issuer that may verify signatures, by `kid`. */
export type KeySet = ReadonlyMap<string, TrustedKey>

/**
 * Read a JWK set (RFC 7517 section 5), keeping what can verify a signature: public keys with a `kid`, not meant for
 * encryption. A `kid` that two keys share names neither, because whoever could add the second one would choose.
 *
 * @param previous - Keys that are still published stay the same objects, so that what they verified stays verified.
 * @throws {TypeError} when it is no JWK set at all.
 */
export function readKeySet(value: unknown, previous: KeySet = new Map()): KeySet {
  const keys: unknown =
    typeof value === 'object' && value !== null && 'keys' in value ? value.keys : undefined
  if (!Array.isArray(keys)) throw new TypeError('it is not a JWK set: there is no list `keys`')
  const byKid = new Map<string, TrustedKey>()
  const ambiguous = new Set<string>()
  for (const jwk of keys) {
    if (!canVerify(jwk)) continue
    if (byKid.has(jwk.kid)) ambiguous.add(jwk.kid)
    const before = previous.get(jwk.kid)
    byKid.set(jwk.kid, before?.equals(jwk) ? before : new TrustedKey(jwk.kid, jwk))
  }
  for (const kid of ambiguous) byKid.delete(kid)
  return byKid
}

function canVerify(jwk: unknown): jwk is Readonly<Record<string, unknown>> & { readonly kid: string } {
  if (typeof jwk !== 'object' || jwk === null) return false
  const { kty, kid, use, key_ops, d } = jwk as Readonly<Record<string, unknown>>
  return (
    typeof kid === 'string' &&
    kid !== '' &&
    (kty === 'RSA' || kty === 'EC' || kty === 'OKP') &&
    (use === undefined || use === 'sig') &&
    (key_ops === undefined || (Array.isArray(key_ops) && key_ops.includes('verify'))) &&
    // A published private key is anybody's key.
    d === undefined
  )
}
