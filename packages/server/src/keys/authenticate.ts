import type { IncomingHttpHeaders } from 'node:http'
import { ApiKeyRefused, ApiKeyScopeMissing, type KeyScope } from '@bailiwick/wire'
import { LRUCache } from 'lru-cache'
import { type ApiKey, allows, hashSecret } from './api-key.js'

/** A key as it was presented. The same object comes again with the same key, while that is in use. */
export interface PresentedKey {
  /** As `hashSecret` makes it. */
  readonly hash: string
}

/** Where keys are looked up. At once where the key was met a moment ago. */
export interface KeyFinder {
  find(key: PresentedKey): ApiKey | undefined | Promise<ApiKey | undefined>
}

/**
 * The key of a request.
 *
 * @throws {ApiKeyRefused} when there is none, or none that is known and alive.
 * @throws {ApiKeyScopeMissing} when it may not do this.
 */
export type Authenticate = (headers: IncomingHttpHeaders, scope: KeyScope) => ApiKey | Promise<ApiKey>

/** Tell keys by their hashes. To hash takes longer than the rest of it, so those of keys in use are kept at hand. */
export function authenticator(keys: KeyFinder): Authenticate {
  const inUse = new LRUCache<string, PresentedKey>({ max: 64 })
  return ({ authorization }, scope) => {
    const known = authorization === undefined ? undefined : inUse.get(authorization)
    const presented = known ?? { hash: hashSecret(secretOf(authorization)) }
    const found = keys.find(presented)
    if (found instanceof Promise) return found.then((key) => admit(key, scope))
    // Only keys that hold: whoever guesses fills nobody's memory.
    if (known === undefined && found !== undefined) inUse.set(authorization as string, presented)
    return admit(found, scope)
  }
}

function secretOf(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw new ApiKeyRefused('api_key_missing', 'an API key is required: send `Authorization: Bearer <key>`')
  }
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (secret === undefined) throw refused()
  return secret
}

function admit(key: ApiKey | undefined, scope: KeyScope): ApiKey {
  if (key === undefined) throw refused()
  if (!allows(key.scopes, scope)) throw new ApiKeyScopeMissing(scope)
  return key
}

// Unknown, expired and revoked are one: nobody learns which keys there were.
function refused(): ApiKeyRefused {
  return new ApiKeyRefused('api_key_invalid', 'the API key is not valid')
}
