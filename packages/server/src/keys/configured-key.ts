import { timingSafeEqual } from 'node:crypto'
import { type ApiKey, hashSecret, hintOf } from './api-key.js'
import type { KeyFinder } from './authenticate.js'

/** The one key that the operator's settings give. Its hash is held, and compared in constant time. */
export function configuredKey(secret: string | undefined): KeyFinder {
  if (secret === undefined) return { find: () => undefined }
  const hash = Buffer.from(hashSecret(secret), 'hex')
  const key: ApiKey = {
    id: 'key_configured',
    name: 'configured',
    scopes: ['admin'],
    hint: hintOf(secret),
    createdAt: new Date(0).toISOString(),
    expiresAt: null,
    revokedAt: null,
  }
  return {
    find: (presented) => (timingSafeEqual(Buffer.from(hashSecret(presented), 'hex'), hash) ? key : undefined),
  }
}
