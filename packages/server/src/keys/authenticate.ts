import type { IncomingHttpHeaders } from 'node:http'
import { ApiKeyRefused, ApiKeyScopeMissing, type KeyScope } from '@bailiwick/wire'
import { LRUCache } from 'lru-cache'
import { type ApiKey, allows, hashSecret } from './api-key.js'

/** Where keys are looked up. At once where the key was met a moment ago. */
export interface KeyFinder {
  /** @param hash - Of the key, as `hashSecret` makes it. */
  find(hash: string): ApiKey | undefined | Promise<ApiKey | undefined>
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
  const hashes = new LRUCache<string, string>({ max: 64 })
  return (headers, scope) => {
    const { authorization } = headers
    const known = authorization === undefined ? undefined : hashes.get(authorization)
    const hash = known ?? hashSecret(secretOf(authorization))
    const found = keys.find(hash)
    if (found instanceof Promise) return found.then((key) => admit(key, scope))
    // Only of keys that hold: whoever guesses fills nobody's memory.
    if (known === undefined && found !== undefined) hashes.set(authorization as string, hash)
    return admit(found, scope)
  }
}

const longestSecret = 256

function secretOf(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw new ApiKeyRefused('api_key_missing', 'an API key is required: send `Authorization: Bearer <key>`')
  }
  const secret = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  if (secret === undefined || secret.length > longestSecret) throw refused()
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
