import { expect, test } from 'vitest'
import { agree } from '../oracle/agree.js'
import { seedOfRun } from '../oracle/random/random.js'
import { type SdkAnswers, sdkPlace } from './sdk-place.js'

const worlds = process.env.RUNS === 'long' ? 20 : 2

test('both releases of the SDK are answered as the oracle answers', { timeout: 600_000 }, async () => {
  const answers: SdkAnswers = { yes: 0, no: 0, notFound: 0 }
  const seed = seedOfRun()
  const tally = await agree({ seed, place: () => sdkPlace(answers), worlds, questionsPerWorld: 600 })
  console.info(`SEED=${seed}: ${tally}; told the SDK: ${JSON.stringify(answers)}`)
  expect(Math.min(answers.yes, answers.no, answers.notFound)).toBeGreaterThan(0)
})
