import { existsSync } from 'node:fs'
import { Misconfigured } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { type StoreOptions, storePlace } from '../store/store-place.js'
import type { KeyDesk } from './key-desk.js'

/** The keys in a data file or a database. @throws {StoreUnusable} `store_locked` while a service has the file open. */
export async function localKeys(options: StoreOptions): Promise<KeyDesk> {
  const { kind, opener } = await storePlace(options)
  if (kind === 'file' && !existsSync(options.data))
    throw new Misconfigured(`there is no data file \`${options.data}\``)
  // The whole server comes with it: not for whoever is refused before, or asks a service that runs.
  const { KeyRing } = await import('@bailiwick/server')
  const engine = await openEngine({ store: opener })
  const keys = new KeyRing(engine.as({ actor: { type: 'system', id: 'keys_command' } }), Date.now)
  return {
    list: async () => (await keys.list()).map(({ key, lastUsedAt }) => ({ ...key, lastUsedAt })),
    create: async ({ name, scopes, expiresAt }) => {
      const made = await keys.create({
        name,
        scopes,
        expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
      })
      return { id: made.key.id, secret: made.secret }
    },
    rotate: async (id, keepOldForSec) => {
      const made = await keys.rotate(id, keepOldForSec === undefined ? undefined : keepOldForSec * 1_000)
      return { id: made.key.id, secret: made.secret }
    },
    revoke: async (id) => {
      await keys.revoke(id)
    },
    close: () => engine.close(),
  }
}
