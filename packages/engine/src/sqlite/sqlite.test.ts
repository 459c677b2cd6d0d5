import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from '../store-contract/index.js'
import { threadAtOnce } from './fixtures/thread-at-once.js'
import type { Pace } from './following-tables.js'
import { openStore } from './open-store.js'
import { sqlite } from './sqlite.js'
import { locate } from './store-file.js'

storeContract('SQLite', () => inDirectory(sqlite))
storeContract('SQLite store, its tables kept up to date,', () => inDirectory(paced({ mostPending: 0 })))
storeContract('SQLite store, its tables behind now and then,', () => inDirectory(paced({ mostPending: 3 })))
for (const mostPending of [5])
  storeContract(`SQLite store, its tables written by a thread, ${mostPending} at a time,`, () =>
    inDirectory(paced({ ...threadAtOnce, mostPending })),
  )

async function inDirectory(openerOf: typeof sqlite) {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-store-'))
  return {
    opener: openerOf(join(directory, 'authz.db')),
    dispose: async () => rmSync(directory, { recursive: true }),
  }
}

function paced(pace: Partial<Pace>): typeof sqlite {
  return (path) => async () => openStore(locate(path), pace)
}
