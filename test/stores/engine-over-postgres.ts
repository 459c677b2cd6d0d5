import type { Model } from '@bailiwick/core'
import { type EmbeddedEngine, openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { Client } from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { type TestDatabase, testDatabase } from './test-database.js'

/** An engine over a database of its own, and a connection of whoever looks at that by SQL: there once tests run. */
export interface EngineOverPostgres {
  readonly engine: EmbeddedEngine
  readonly client: Client
}

/** For the tests of one `describe`: opened before them, closed after them. */
export function engineOverPostgres(model: Model): EngineOverPostgres {
  let database: TestDatabase
  let engine: EmbeddedEngine
  let client: Client
  beforeAll(async () => {
    database = await testDatabase()
    engine = await openEngine({ store: postgres(database.connectionString), model })
    client = new Client(database.connectionString)
    await client.connect()
  })
  afterAll(async () => {
    await client?.end()
    await engine?.close()
    await database?.stop()
  })
  return {
    get engine() {
      return engine
    },
    get client() {
      return client
    },
  }
}
