import { randomBytes } from 'node:crypto'
import { postgres } from '@bailiwick/engine/postgres'
import { afterAll, beforeAll } from 'vitest'
import { describeWithPostgres, type TestDatabase, testDatabase } from '../stores/test-database.js'
import { checks } from './checks.js'

checks()

describeWithPostgres('over PostgreSQL', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database?.stop())

  checks(() => postgres(database.connectionString, { schema: `sdk_${randomBytes(6).toString('hex')}` }))
})
