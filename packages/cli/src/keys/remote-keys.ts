import { askService, type Service } from '../ask-service.js'
import type { IssuedKey, KeyDesk, ShownKey } from './key-desk.js'

/** The keys of a service that runs. @param service - With a key that has the scope `admin`. */
export function remoteKeys(service: Service): KeyDesk {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await askService(service, path, { method, ...(body && { body }) })
    const text = await answer.text()
    return text === '' ? undefined : parse(text)
  }
  const byId = (id: string) => `/api_keys/${encodeURIComponent(id)}`
  return {
    list: async () =>
      ((await ask('GET', '/api_keys')) as { readonly data: readonly KeyJson[] }).data.map(shown),
    create: async ({ name, scopes, expiresAt }) =>
      issued(await ask('POST', '/api_keys', { name, scopes, expires_at: expiresAt })),
    rotate: async (id, keepOldForSec) =>
      issued(await ask('POST', `${byId(id)}/rotate`, { keep_old_for_sec: keepOldForSec })),
    revoke: async (id) => {
      await ask('DELETE', byId(id))
    },
    close: async () => {},
  }
}

interface KeyJson {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly hint: string
  readonly created_at: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
  readonly last_used_at: string | null
}

function shown(key: KeyJson): ShownKey {
  const { id, name, scopes, hint } = key
  return {
    id,
    name,
    scopes,
    hint,
    createdAt: key.created_at,
    expiresAt: key.expires_at,
    revokedAt: key.revoked_at,
    lastUsedAt: key.last_used_at,
  }
}

function issued(answer: unknown): IssuedKey {
  const { id, secret } = answer as IssuedKey
  return { id, secret }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
