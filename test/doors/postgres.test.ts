import { afterAll, beforeAll } from 'vitest'
import { describeWithPostgres, type TestDatabase, testDatabase } from '../stores/test-database.js'
import { readWorlds } from '../worlds/read-world.js'
import { engineDoor } from './engine-door.js'
import { postgresPlace } from './engine-places.js'
import { runWorlds } from './run-worlds.js'

/** Every node opens a store for each of them, which takes its time: all of them in `npm run test:long`. */
const worlds = readWorlds().filter((_, index) => process.env.RUNS === 'long' || index % 6 === 0)

describeWithPostgres('over PostgreSQL', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database?.stop())

  runWorlds(
    engineDoor('two nodes over PostgreSQL', () => postgresPlace(database.connectionString)),
    worlds,
  )
})
