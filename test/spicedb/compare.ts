import { isDeepStrictEqual } from 'node:util'
import type { Answer, Opinion, Question } from './question.js'

/** A question that two engines answer differently. */
export interface Difference {
  readonly question: Question
  readonly ours: Answer | undefined
  readonly theirs: Answer | undefined
}

/** What was asked and answered, as ours has it, and every difference. */
export interface Comparison {
  readonly answers: readonly Answer[]
  readonly differences: readonly Difference[]
}

/** Ask both the same. */
export async function compare(
  ours: Opinion,
  theirs: Opinion,
  questions: readonly Question[],
): Promise<Comparison> {
  const answers = await ours.answer(questions)
  const others = await theirs.answer(questions)
  const differences = questions
    .map((question, index) => ({ question, ours: answers[index], theirs: others[index] }))
    // An answer that is missing on both sides is no agreement.
    .filter((pair) => pair.ours === undefined || !isDeepStrictEqual(pair.ours, pair.theirs))
  return { answers, differences }
}
