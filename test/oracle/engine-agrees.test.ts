import { describe, expect, test } from 'vitest'
import { memoryPlace, sharedMemoryPlace, sqlitePlace } from '../doors/engine-places.js'
import { agree } from './agree.js'
import { seedOfRun } from './random/random.js'

// Together more than 200 000 questions.
const places = [
  { name: 'an SQLite file', place: sqlitePlace, worlds: 5, questionsPerWorld: 8_000, commandsAtOnce: 10 },
  { name: 'a memory store', place: memoryPlace, worlds: 30, questionsPerWorld: 5_000, commandsAtOnce: 10 },
  {
    name: 'two engines in turn on one store',
    place: sharedMemoryPlace,
    worlds: 4,
    questionsPerWorld: 3_000,
    commandsAtOnce: 1,
  },
]

for (const { name, ...options } of places) {
  describe(`over ${name}`, () => {
    test('the engine answers every question as the oracle does, and refuses the same commands', async () => {
      const seed = seedOfRun()
      const tally = await agree({ seed, ...options })

      console.info(`SEED=${seed} over ${name}: ${tally}`)
      expect(tally.questions).toBeGreaterThanOrEqual(options.worlds * options.questionsPerWorld)
      expect(tally.shareOfAllows).toBeGreaterThanOrEqual(0.2)
      expect(tally.shareOfAllows).toBeLessThanOrEqual(0.8)
      expect([...tally.answers.keys()].sort()).toEqual(everyAnswer)
      expect(tally.refusals.size, 'kinds of refusals met').toBeGreaterThanOrEqual(10)
    })
  })
}

const everyAnswer = [
  'agent_unknown',
  'allow',
  'excluded',
  'group_unknown',
  'input_invalid',
  'membership_inactive',
  'membership_unknown',
  'no_grant',
  'organization_unknown',
  'permission_unknown',
  'resource_unknown',
]
