import type { Command } from './command.js'

/** Engine and oracle give two answers: one of them is wrong, and here is how to see it again. */
export class Disagreement extends Error {
  override readonly name = 'Disagreement'

  constructor(
    readonly about: string,
    readonly facts: Readonly<Record<string, unknown>>,
  ) {
    super(`${about}\n${lines(facts)}`)
  }

  /** The same, with the way back to it. */
  at(place: {
    readonly seed: number
    readonly world: number
    readonly latest: readonly Command[]
  }): Disagreement {
    return new Disagreement(this.about, {
      ...this.facts,
      'see it again with': `SEED=${place.seed}`,
      'number of the world': place.world,
      'commands just before': place.latest.map((command) => `\n    ${JSON.stringify(command)}`).join(''),
    })
  }
}

function lines(facts: Readonly<Record<string, unknown>>): string {
  return Object.entries(facts)
    .map(([name, fact]) => `  ${name}: ${typeof fact === 'string' ? fact : JSON.stringify(fact)}`)
    .join('\n')
}
