import { existsSync } from 'node:fs'
import { Misconfigured } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { KeyRing } from '@bailiwick/server'
import type { KeyDesk } from './key-desk.js'

/** The keys in a data file. @throws {StoreUnusable} `store_locked` while a service has it open. */
export async function localKeys(data: string): Promise<KeyDesk> {
  if (!existsSync(data)) throw new Misconfigured(`there is no data file \`${data}\``)
  const engine = await openEngine({ store: sqlite(data) })
  const keys = new KeyRing(engine.notebook, Date.now)
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
    revoke: (id) => keys.revoke(id),
    close: () => engine.close(),
  }
}
