import { expect, test } from 'vitest'
import { mustBeSupported } from './supported-version.js'

const serverOf = (version: string, name = 'PostgreSQL') => ({
  rows: async (sql: string) => [[sql.includes('version()') ? name : version]] as never,
})

test('a server is as old as PostgreSQL 13 or younger; one that is older is refused in a sentence', async () => {
  await mustBeSupported(serverOf('130000'))
  await mustBeSupported(serverOf('180001'))
  await expect(mustBeSupported(serverOf('120022'))).rejects.toMatchObject({
    kind: 'misconfigured',
    message: 'the server is PostgreSQL 12, and 13 or later is needed',
  })
})

test('a server that would take our statements and hold no lock is refused', async () => {
  await expect(mustBeSupported(serverOf('130000', 'CockroachDB CCL v24.1.0'))).rejects.toMatchObject({
    kind: 'misconfigured',
  })
  await mustBeSupported(serverOf('130000', 'PostgreSQL 13.4 on x86_64'))
})
