import type { AuthorizationEngine, Model } from '@bailiwick/core'
import { Disagreement } from './disagreement.js'
import { Life } from './life.js'
import { Random } from './random/random.js'
import { Tally } from './tally.js'

export interface AgreementOptions {
  /** Everything that is drawn follows from it. */
  readonly seed: number
  readonly worlds: number
  readonly questionsPerWorld: number
  /** A new and empty place for engines: opened again after a `close`, it holds what it held. */
  readonly place: () => Place
}

/** Opens an engine over what this place holds. */
export type Place = (model: Model) => Promise<AuthorizationEngine>

/**
 * Let an engine and the oracle live through the same random worlds, and compare every answer.
 *
 * @throws {Disagreement} at the first difference, naming the seed and what led there.
 */
export async function agree(options: AgreementOptions): Promise<Tally> {
  const tally = new Tally()
  for (let world = 0; world < options.worlds; world++) {
    const life = new Life(new Random(options.seed * 1_000 + world), options.place(), tally)
    try {
      await life.live(options.questionsPerWorld)
    } catch (error) {
      if (!(error instanceof Disagreement)) throw error
      throw error.at({ seed: options.seed, world, latest: life.latest })
    } finally {
      await life.end()
    }
  }
  return tally
}
