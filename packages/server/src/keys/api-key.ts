import { hash, randomBytes } from 'node:crypto'
import type { KeyScope } from '@bailiwick/wire'

/** A key as it is kept: what it may, never what it is. */
export interface ApiKey {
  /** `key_…` */
  readonly id: string
  readonly name: string
  readonly scopes: readonly KeyScope[]
  /** The beginning and the end of the key, for people who look for it in their settings. */
  readonly hint: string
  readonly createdAt: string
  /** ISO 8601, or `null` for ever. */
  readonly expiresAt: string | null
  readonly revokedAt: string | null
}

/** A new key: 256 random bits, so that a plain hash of it is as good as a slow one. */
export function newSecret(): string {
  return `sk_${randomBytes(32).toString('base64url')}`
}

/** What is stored in place of a key. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex')
}

/** Enough of a key to know it by. */
export function hintOf(secret: string): string {
  return secret.length < 24 ? 'sk_…' : `${secret.slice(0, 6)}…${secret.slice(-4)}`
}

/** Whether a key holds at this moment. */
export function isAlive({ revokedAt, expiresAt }: ApiKey, now: number): boolean {
  return revokedAt === null && (expiresAt === null || Date.parse(expiresAt) > now)
}

/** Whether one of these scopes is enough. `admin` may everything; `write` may also check and read. */
export function allows(scopes: readonly KeyScope[], wanted: KeyScope): boolean {
  return scopes.some(
    (scope) => scope === wanted || scope === 'admin' || (scope === 'write' && wanted !== 'admin'),
  )
}
