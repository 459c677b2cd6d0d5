import { CompactSign, exportJWK, generateKeyPair } from 'jose'
import type { Algorithm } from './algorithms.js'
import type { JsonWebKeySet, SessionOptions } from './session-options.js'

/** One key of an issuer. */
export interface Signer {
  readonly jwk: Readonly<Record<string, unknown>> & { readonly kid: string }
  /** A token that `optionsFor` accepts at `startMs`, with `claims` and `header` laid over. */
  sign(claims?: object, header?: object): Promise<string>
}

/** The moment at which every token of these tests is issued: Unix milliseconds. */
export const startMs = 1_700_000_000_000

export const issuer = 'https://issuer.test/'
export const audience = 'api'

const goodClaims = {
  iss: issuer,
  aud: audience,
  sub: 'user_ada',
  sid: 'session_1',
  org_id: 'org_acme',
  organization_membership_id: 'om_ada',
  role: 'member',
  roles: ['owner', 'member'],
  permissions: ['project:view', 'billing:manage', 'project:view'],
  iat: startMs / 1_000,
  exp: startMs / 1_000 + 300,
}

export async function createSigner(kid = 'key-1', algorithm: Algorithm = 'ES256'): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair(algorithm)
  const jwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig' }
  return {
    jwk,
    sign: (claims = {}, header = {}) =>
      new CompactSign(Buffer.from(JSON.stringify({ ...goodClaims, ...claims })))
        .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT', ...header })
        .sign(privateKey),
  }
}

/** Settings with keys in them. */
export type KeyedOptions = Extract<SessionOptions, { readonly keys: JsonWebKeySet }>

/** Settings that trust these signers, at a time that stands still. */
export function optionsFor(...signers: readonly Signer[]): KeyedOptions {
  return { issuer, audience, keys: { keys: signers.map((signer) => signer.jwk) }, clock: () => startMs }
}

/** The settings of a preset with the address of its keys replaced by the keys of a signer. */
export function withKeysOf(signer: Signer, preset: SessionOptions): KeyedOptions {
  const { jwksUrl: _, ...rest } = preset
  return { ...rest, keys: { keys: [signer.jwk] }, clock: () => startMs }
}
