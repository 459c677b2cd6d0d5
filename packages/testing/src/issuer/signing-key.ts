import { subtle } from 'node:crypto'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'

export type SigningAlgorithm = 'RS256' | 'ES256'

/** A private key, with its public half as an issuer publishes it. */
export interface SigningKey {
  readonly algorithm: SigningAlgorithm
  readonly publicJwk: Readonly<Record<string, unknown>> & { readonly kid: string }
  sign(data: string): Promise<Buffer>
}

export async function createSigningKey(algorithm: SigningAlgorithm): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm)
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return {
    algorithm,
    publicJwk: { ...jwk, kid, alg: algorithm, use: 'sig' },
    sign: (data) => signWith(privateKey, algorithm, data),
  }
}

// Not by a JWS library: an issuer for tests must also be able to sign what no library would.
async function signWith(key: CryptoKey, algorithm: SigningAlgorithm, data: string): Promise<Buffer> {
  const scheme = algorithm === 'ES256' ? { name: 'ECDSA', hash: 'SHA-256' } : { name: 'RSASSA-PKCS1-v1_5' }
  return Buffer.from(await subtle.sign(scheme, key, Buffer.from(data)))
}
