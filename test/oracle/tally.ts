import type { Answer } from './answer.js'

/** What a run met, so that it can show that it met enough. */
export class Tally {
  readonly answers = new Map<string, number>()
  commands = 0
  refusals = new Map<string, number>()

  answered(answer: Answer): void {
    count(
      this.answers,
      answer.kind === 'allow' ? 'allow' : answer.kind === 'deny' ? answer.reason : answer.code,
    )
  }

  commanded(refusal: string | undefined): void {
    this.commands++
    if (refusal !== undefined) count(this.refusals, refusal)
  }

  get questions(): number {
    return [...this.answers.values()].reduce((sum, times) => sum + times, 0)
  }

  /** 0 to 1. */
  get shareOfAllows(): number {
    return (this.answers.get('allow') ?? 0) / this.questions
  }

  toString(): string {
    const share = (100 * this.shareOfAllows).toFixed(1)
    return [
      `${this.questions} questions, ${share} % allowed (${listed(this.answers)})`,
      `${this.commands} commands (refused: ${listed(this.refusals)})`,
    ].join('; ')
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].map(([name, times]) => `${name} ${times}`).join(', ')
}
