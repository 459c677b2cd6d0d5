import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresPlace } from '../doors/engine-places.js'
import { describeWithPostgres, type TestDatabase, testDatabase } from '../stores/test-database.js'
import { agree } from './agree.js'
import { expectAgreement } from './expect-agreement.js'
import { seedOfRun } from './random/random.js'

// Each question goes to the database, however busy the machine is.
describeWithPostgres('over two nodes in turn on PostgreSQL', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database?.stop())

  const place = () => postgresPlace(database.connectionString)

  if (process.env.RUNS === 'long') {
    expectAgreement({ place, worlds: 2, questionsPerWorld: 2_000, commandsAtOnce: 1 })
    return
  }
  // So few questions do not meet everything that there is to meet.
  test('the nodes answer as the oracle does, and refuse the same commands', async () => {
    const seed = seedOfRun()
    const tally = await agree({ seed, place, worlds: 1, questionsPerWorld: 400 })
    console.info(`SEED=${seed}: ${tally}`)
    expect(tally.answers.get('allow')).toBeGreaterThan(0)
    expect(tally.answers.get('no_grant')).toBeGreaterThan(0)
  })
})
