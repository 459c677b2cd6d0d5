import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from '../store-contract/index.js'
import { openStore } from './open-store.js'
import { sqlite } from './sqlite.js'
import { locate } from './store-file.js'

storeContract('SQLite', () => inDirectory(sqlite))
storeContract('SQLite store, its tables kept up to date,', () => inDirectory(appliesAfter(0)))
storeContract('SQLite store, its tables behind now and then,', () => inDirectory(appliesAfter(3)))

async function inDirectory(openerOf: typeof sqlite) {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-store-'))
  return {
    opener: openerOf(join(directory, 'authz.db')),
    dispose: async () => rmSync(directory, { recursive: true }),
  }
}

function appliesAfter(changes: number): typeof sqlite {
  return (path) => async () => openStore(locate(path), changes)
}
