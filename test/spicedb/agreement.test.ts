import { describe, expect, test } from 'vitest'
import { seedOfRun } from '../oracle/random/random.js'
import { askBoth } from './agreement.js'
import { spicedbBinary } from './spicedb.js'

const { name, isThere } = spicedbBinary()
if (!isThere) console.warn(`SKIPPED: no SpiceDB on this machine, since \`${name}\` is not installed`)

const atLeast = Number(process.env.SPICEDB_QUESTIONS ?? 20_000)

describe.skipIf(!isThere)('a real SpiceDB beside our engine', () => {
  // Some milliseconds a question on a busy machine.
  test('both answer every check and every list alike', { timeout: 60_000 + atLeast * 10 }, async () => {
    const seed = seedOfRun()
    const { differences, ...met } = await askBoth(seed, atLeast)

    console.info(`SEED=${seed} beside SpiceDB: ${JSON.stringify(met)}`)
    expect(differences, 'SEED=<its seed> asks about its world alone').toEqual([])
    expect(met.questions).toBeGreaterThanOrEqual(atLeast)
    expect(met.allows / met.checks).toBeGreaterThanOrEqual(0.2)
    expect(met.allows / met.checks).toBeLessThanOrEqual(0.8)
    expect(met.filledLists / met.lists).toBeGreaterThanOrEqual(0.2)
  })
})
