import type { EnginePlace } from '../doors/engine-places.js'
import { Disagreement } from './disagreement.js'
import { Life } from './life.js'
import { Random } from './random/random.js'
import { Tally } from './tally.js'

export interface AgreementOptions {
  /** Everything that is drawn follows from it. */
  readonly seed: number
  readonly worlds: number
  readonly questionsPerWorld: number
  /** How many commands may be under way together. Default 1; over several engines their order is not given. */
  readonly commandsAtOnce?: number
  /** A new and empty place. */
  readonly place: () => EnginePlace
}

/**
 * Let an engine and the oracle live through the same random worlds, and compare every answer.
 *
 * @throws {Disagreement} at the first difference, naming the seed and what led there.
 */
export async function agree(options: AgreementOptions): Promise<Tally> {
  const tally = new Tally()
  for (let world = 0; world < options.worlds; world++) {
    const place = options.place()
    const random = new Random(options.seed * 1_000 + world)
    const richness = world % 2 === 0 ? 'plain' : 'rich'
    const life = new Life(random, place, tally, options.commandsAtOnce ?? 1, richness)
    try {
      await life.live(options.questionsPerWorld)
    } catch (error) {
      if (!(error instanceof Disagreement)) throw error
      throw error.at({ seed: options.seed, world, latest: life.latest })
    } finally {
      await life.end()
      place.discard()
    }
  }
  return tally
}
