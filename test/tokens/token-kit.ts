import { createHmac } from 'node:crypto'
import type { Issuer, TokenRequest } from '@bailiwick/testing'

/** What a forger needs: the issuer he imitates, an issuer of his own, and an address where he waits for us. */
export interface TokenKit {
  readonly issuer: Issuer
  readonly attacker: Issuer
  readonly attackerUrl: string
  readonly nowSec: number
  /** The token that every other one differs from by one fact. */
  readonly good: string
}

/** Somebody who may do everything in Acme, by her token alone. */
export const owner: TokenRequest = {
  user: 'user_ada',
  organization: 'org_acme',
  membership: 'om_acme_ada',
  roles: ['owner'],
  permissions: ['billing:manage', 'project:edit'],
}

/** Parts of a compact JWS. */
export type Parts = [header: string, payload: string, signature: string]

export function partsOf(token: string): Parts {
  return token.split('.') as Parts
}

export function claimsOf(token: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(partsOf(token)[1], 'base64url').toString())
}

export function encode(part: object | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
}

/** The good claims, with some laid over, signed as the issuer signs. */
export function signed(kit: TokenKit, claims: object, header: object = {}): Promise<string> {
  return kit.issuer.sign({ ...claimsOf(kit.good), ...claims }, header)
}

/** The good claims as text, with more text before the last brace, signed as the issuer signs. */
export function signedWithText(kit: TokenKit, more: string): Promise<string> {
  return kit.issuer.sign(JSON.stringify(claimsOf(kit.good)).replace(/}$/, `,${more}}`))
}

/** The good claims under an HMAC whose key is something public. */
export function hmacSigned(kit: TokenKit, secret: string): string {
  const input = `${encode({ alg: 'HS256', kid: kidOf(kit.issuer), typ: 'JWT' })}.${partsOf(kit.good)[1]}`
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}

/** The key that an issuer signs with now. */
export function publicJwkOf(issuer: Issuer): Readonly<Record<string, unknown>> {
  const [jwk] = issuer.jwks.keys
  if (jwk === undefined) throw new Error('the issuer publishes no key')
  return jwk
}

export function kidOf(issuer: Issuer): unknown {
  return publicJwkOf(issuer).kid
}
