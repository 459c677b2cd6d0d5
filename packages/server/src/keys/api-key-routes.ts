import { type ApiKeyJson, createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from '@bailiwick/wire'
import { type Route, route } from '../http/route.js'
import type { KeyRing, ListedKey } from './key-ring.js'

/** The routes under `/api_keys`. */
export function apiKeyRoutes(keys: KeyRing): readonly Route[] {
  return [
    route(listApiKeys, async () => ({
      body: { object: 'list' as const, data: (await keys.list()).map(renderApiKey) },
    })),
    route(createApiKey, async ({ body }) => {
      const expiresAt = body.expires_at == null ? null : Date.parse(body.expires_at)
      const { key, secret } = await keys.create({ name: body.name, scopes: body.scopes, expiresAt })
      return { body: { ...renderApiKey({ key, lastUsedAt: null }), secret } }
    }),
    route(rotateApiKey, async ({ params, body }) => {
      const keepMs = body?.keep_old_for_sec === undefined ? undefined : body.keep_old_for_sec * 1_000
      const { key, secret } = await keys.rotate(params.api_key_id, keepMs)
      return { body: { ...renderApiKey({ key, lastUsedAt: null }), secret } }
    }),
    route(revokeApiKey, async ({ params }) => {
      await keys.revoke(params.api_key_id)
      return { body: undefined }
    }),
  ]
}

function renderApiKey({ key, lastUsedAt }: ListedKey): ApiKeyJson {
  return {
    object: 'api_key',
    id: key.id,
    name: key.name,
    scopes: [...key.scopes],
    hint: key.hint,
    created_at: key.createdAt,
    expires_at: key.expiresAt,
    revoked_at: key.revokedAt,
    last_used_at: lastUsedAt,
  }
}
