import { timingSafeEqual } from 'node:crypto'
import { type ApiKey, hashSecret, hintOf } from './api-key.js'
import type { KeyFinder, PresentedKey } from './authenticate.js'

/** The one key that the operator's settings give, before those that are kept. Only its hash is held. */
export function withConfiguredKey(secret: string, others: KeyFinder): KeyFinder {
  const hash = Buffer.from(hashSecret(secret), 'latin1')
  // One place for what is presented: a buffer for each request costs more than to compare it.
  const other = Buffer.alloc(hash.length)
  const key: ApiKey = {
    id: 'key_configured',
    name: 'configured',
    scopes: ['admin'],
    hint: hintOf(secret),
    createdAt: new Date(0).toISOString(),
    expiresAt: null,
    revokedAt: null,
  }
  const isEqual = (presented: string) => {
    other.write(presented, 'latin1')
    return presented.length === hash.length && timingSafeEqual(other, hash)
  }
  // To know an object again says nothing about what is in it, and takes no time.
  let known: PresentedKey | undefined
  return {
    find: (presented) => {
      if (presented === known) return key
      if (!isEqual(presented.hash)) return others.find(presented)
      known = presented
      return key
    },
  }
}

/** No keys at all. */
export const noKeys: KeyFinder = { find: () => undefined }
