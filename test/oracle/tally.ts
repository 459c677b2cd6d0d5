import type { Answer } from './answer.js'
import type { ListQuestion } from './ask-lists.js'
import type { Command } from './command.js'
import type { Richness } from './random/random-model.js'

/** What a run met, so that it can show that it met enough. */
export class Tally {
  readonly answers = new Map<string, number>()
  readonly lists = new Map<string, number>()
  readonly done = new Map<string, number>()
  readonly refusals = new Map<string, number>()
  worlds = 0
  richWorlds = 0
  delegated = 0
  #listed = 0

  began(richness: Richness): void {
    this.worlds += 1
    if (richness === 'rich') this.richWorlds += 1
  }

  answered(answer: Answer): void {
    if (answer.kind === 'allow' && answer.delegations.length > 0) this.delegated += 1
    count(
      this.answers,
      answer.kind === 'allow' ? 'allow' : answer.kind === 'deny' ? answer.reason : answer.code,
    )
  }

  listed(list: ListQuestion['list'], items: number): void {
    count(this.lists, list)
    this.#listed += items
  }

  commanded(command: Command['do'], refusal: string | undefined): void {
    count(refusal === undefined ? this.done : this.refusals, refusal ?? command)
  }

  /** Checks and lists. */
  get questions(): number {
    return total(this.answers) + total(this.lists)
  }

  get commands(): number {
    return total(this.done) + total(this.refusals)
  }

  /** Of the checks; 0 to 1. */
  get shareOfAllows(): number {
    return (this.answers.get('allow') ?? 0) / total(this.answers)
  }

  toString(): string {
    const share = (100 * this.shareOfAllows).toFixed(1)
    return [
      `${this.questions} questions to ${this.worlds} worlds (${this.richWorlds} with agents, exclusions and custom roles)`,
      `${share} % of the checks allowed, ${this.delegated} of them to somebody acting for others (${told(this.answers)})`,
      `lists: ${told(this.lists)}, with ${this.#listed} items`,
      `${this.commands} commands (refused: ${told(this.refusals)})`,
    ].join('; ')
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, times) => sum + times, 0)
}

function told(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, times]) => `${name} ${times}`).join(', ')
}
