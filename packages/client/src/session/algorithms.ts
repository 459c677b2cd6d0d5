/**
 * The signature algorithms a session may use: those with a public key. With a symmetric one, whoever can verify a
 * token could also make one.
 */
export const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const

/** A JWS algorithm with a public key (RFC 7518 section 3.1, RFC 8037, RFC 9864). */
export type Algorithm = (typeof algorithms)[number]

const curves: { readonly [A in Algorithm]?: string } = {
  ES256: 'P-256',
  ES384: 'P-384',
  ES512: 'P-521',
  EdDSA: 'Ed25519',
  Ed25519: 'Ed25519',
}

/** Whether a public key of this type, curve and stated algorithm can be meant by `algorithm`. */
export function fitsAlgorithm(jwk: Readonly<Record<string, unknown>>, algorithm: Algorithm): boolean {
  if (jwk.kty !== keyType(algorithm) || jwk.crv !== curves[algorithm]) return false
  return jwk.alg === undefined || modern(jwk.alg) === modern(algorithm)
}

/** RFC 9864 renames EdDSA on this curve to Ed25519; issuers write either. */
function modern(algorithm: unknown): unknown {
  return algorithm === 'EdDSA' ? 'Ed25519' : algorithm
}

function keyType(algorithm: Algorithm): 'RSA' | 'EC' | 'OKP' {
  if (algorithm.startsWith('RS') || algorithm.startsWith('PS')) return 'RSA'
  return algorithm.startsWith('ES') ? 'EC' : 'OKP'
}
