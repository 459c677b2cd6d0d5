import { type ApiKeyJson, createApiKey, listApiKeys, revokeApiKey, rotateApiKey } from '@bailiwick/wire'
import type { EngineFor } from '../http/engine-for.js'
import { type Route, route } from '../http/route.js'
import type { KeyRing, ListedKey, MadeKey } from './key-ring.js'

/** The routes under `/api_keys`. */
export function apiKeyRoutes(keys: KeyRing, engineFor: EngineFor): readonly Route[] {
  return [
    route(listApiKeys, async () => ({
      body: { object: 'list' as const, data: (await keys.list()).map(renderApiKey) },
    })),
    route(createApiKey, async ({ body: { name, scopes, expires_at } }, context) => {
      const expiresAt = expires_at == null ? null : Date.parse(expires_at)
      return renderMade(await keys.create({ name, scopes, expiresAt }, engineFor(context)))
    }),
    route(rotateApiKey, async ({ params, body }, context) => {
      const keepMs = body?.keep_old_for_sec === undefined ? undefined : body.keep_old_for_sec * 1_000
      return renderMade(await keys.rotate(params.api_key_id, keepMs, engineFor(context)))
    }),
    route(revokeApiKey, async ({ params }, context) => ({
      body: undefined,
      token: await keys.revoke(params.api_key_id, engineFor(context)),
    })),
  ]
}

function renderMade({ key, secret, token }: MadeKey) {
  return { body: { ...renderApiKey({ key, lastUsedAt: null }), secret }, token }
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
