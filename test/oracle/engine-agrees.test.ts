import { describe, expect, test } from 'vitest'
import { agree } from './agree.js'
import { inMemory, sharedInMemory } from './places.js'
import { seedOfRun } from './random/random.js'

// Together more than 200 000 questions.
const places = [
  { name: 'a memory store', place: inMemory, worlds: 30, questionsPerWorld: 5_000 },
  {
    name: 'two engines in turn on one store',
    place: sharedInMemory,
    worlds: 4,
    questionsPerWorld: 3_000,
  },
] as const

describe.each(places)('over $name', ({ name, place, worlds, questionsPerWorld }) => {
  test('the engine answers every random question as the oracle does, and refuses the same commands', async () => {
    const seed = seedOfRun()
    const tally = await agree({ seed, worlds, questionsPerWorld, place })

    console.info(`SEED=${seed} over ${name}: ${tally}`)
    expect(tally.questions).toBeGreaterThanOrEqual(worlds * questionsPerWorld)
    expect(tally.shareOfAllows).toBeGreaterThanOrEqual(0.2)
    expect(tally.shareOfAllows).toBeLessThanOrEqual(0.8)
    expect([...tally.answers.keys()].sort()).toEqual(everyAnswer)
  })
})

const everyAnswer = [
  'allow',
  'membership_inactive',
  'membership_unknown',
  'no_grant',
  'organization_unknown',
  'permission_unknown',
  'resource_unknown',
]
