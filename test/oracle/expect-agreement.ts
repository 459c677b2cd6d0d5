import { expect, test } from 'vitest'
import type { EnginePlace } from '../doors/engine-places.js'
import { agree } from './agree.js'
import { seedOfRun } from './random/random.js'

/** How much is asked: together a million questions in `npm test`, and ten times as many in `npm run test:long`. */
export interface Agreement {
  readonly place: () => EnginePlace
  readonly worlds: number
  readonly questionsPerWorld: number
  readonly commandsAtOnce: number
}

const times = process.env.RUNS === 'long' ? 10 : 1

/** A test that lets the engine and the oracle live through many worlds, and wants every kind of answer met. */
export function expectAgreement(options: Agreement): void {
  test(
    'the engine answers every question as the oracle does, and refuses the same commands',
    async () => {
      const seed = seedOfRun()
      const worlds = options.worlds * times
      const tally = await agree({ seed, ...options, worlds })

      console.info(`SEED=${seed}: ${tally}`)
      expect(tally.questions).toBeGreaterThanOrEqual(worlds * options.questionsPerWorld)
      expect(tally.richWorlds, 'worlds with agents, exclusions and custom roles').toBeGreaterThanOrEqual(
        worlds / 3,
      )
      expect(tally.shareOfAllows).toBeGreaterThanOrEqual(0.2)
      expect(tally.shareOfAllows).toBeLessThanOrEqual(0.8)
      expect(tally.delegated, 'allowed to somebody acting for others').toBeGreaterThan(0)
      expect([...tally.answers.keys()].sort()).toEqual(everyAnswer)
      expect(tally.lists.size, 'kinds of lists').toBe(4)
      expect(tally.done.size, 'kinds of commands').toBe(28)
      expect(tally.refusals.size, 'kinds of refusals met').toBeGreaterThanOrEqual(18)
    },
    300_000 * times,
  )
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
