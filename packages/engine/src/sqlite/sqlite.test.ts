import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { storeContract } from '../store-contract/index.js'
import { sqlite } from './sqlite.js'

storeContract('SQLite', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-store-'))
  return {
    opener: sqlite(join(directory, 'authz.db')),
    dispose: async () => rmSync(directory, { recursive: true }),
  }
})
