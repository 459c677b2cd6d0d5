import { randomBytes } from 'node:crypto'
import { postgres } from '@bailiwick/engine/postgres'
import { storeContract } from '@bailiwick/engine/store-contract'
import { Client } from 'pg'
import { afterAll, beforeAll, describe } from 'vitest'
import { type PrivatePostgres, postgresPrograms, startPostgres } from './private-postgres.js'

if (postgresPrograms === undefined) {
  console.warn('skipped: the PostgreSQL store, since this machine has no PostgreSQL programs')
}

describe.skipIf(postgresPrograms === undefined && process.env.CI === undefined)(
  'on a server of its own',
  () => {
    let server: PrivatePostgres
    beforeAll(async () => {
      server = await startPostgres(postgresPrograms ?? '')
    })
    afterAll(() => server.stop())

    const newSchema = () => `test_${randomBytes(6).toString('hex')}`

    storeContract('PostgreSQL', async () => {
      const schema = newSchema()
      return {
        opener: postgres(server.connectionString, { schema, maxConnections: 4 }),
        dispose: async () => {
          const client = new Client(server.connectionString)
          await client.connect()
          await client.query(`DROP SCHEMA "${schema}" CASCADE`)
          await client.end()
        },
      }
    })
  },
)
