import { randomBytes } from 'node:crypto'
import { postgres } from '@bailiwick/engine/postgres'
import { storeContract } from '@bailiwick/engine/store-contract'
import { afterAll, beforeAll } from 'vitest'
import { describeWithPostgres, runSql, type TestDatabase, testDatabase } from './test-database.js'

describeWithPostgres('on a database of its own', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.stop())

  storeContract('PostgreSQL', async () => {
    const schema = `test_${randomBytes(6).toString('hex')}`
    return {
      opener: postgres(database.connectionString, { schema, maxConnections: 4 }),
      dispose: () => runSql(database.connectionString, `DROP SCHEMA "${schema}" CASCADE`),
    }
  })
})
