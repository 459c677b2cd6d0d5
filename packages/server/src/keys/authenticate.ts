import type { IncomingHttpHeaders } from 'node:http'
import { ApiKeyRefused, ApiKeyScopeMissing, type KeyScope } from '@bailiwick/wire'
import { type ApiKey, allows } from './api-key.js'

/** Where keys are looked up. At once where the key was met a moment ago. */
export interface KeyFinder {
  find(secret: string): ApiKey | undefined | Promise<ApiKey | undefined>
}

/**
 * The key of a request.
 *
 * @throws {ApiKeyRefused} when there is none, or none that is known and alive.
 * @throws {ApiKeyScopeMissing} when it may not do this.
 */
export function authenticate(
  keys: KeyFinder,
  headers: IncomingHttpHeaders,
  scope: KeyScope,
): ApiKey | Promise<ApiKey> {
  const found = keys.find(secretOf(headers))
  return found instanceof Promise ? found.then((key) => admit(key, scope)) : admit(found, scope)
}

const longestSecret = 256

function secretOf({ authorization }: IncomingHttpHeaders): string {
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
