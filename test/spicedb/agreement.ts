import { Random } from '../oracle/random/random.js'
import { compare, type Difference } from './compare.js'
import { engineOpinion } from './engine-opinion.js'
import type { Answer, Question } from './question.js'
import { randomQuestions } from './random-questions.js'
import { randomWorld } from './random-world.js'
import { relationshipsOf } from './relationships.js'
import { spicedbOpinion } from './spicedb-opinion.js'

/** What many random worlds came to. */
export interface Agreement {
  readonly worlds: number
  readonly questions: number
  readonly checks: number
  /** Of the checks. */
  readonly allows: number
  readonly lists: number
  /** Lists with something in them. */
  readonly filledLists: number
  /** With the seed that draws its world alone. */
  readonly differences: readonly (Difference & { readonly seed: number })[]
}

const questionsPerWorld = 400

/**
 * Ask both engines at least so many questions, each world by a seed of its own: the first by `seed`, the next by the
 * one after it. A world with differences is the last one.
 */
export async function askBoth(seed: number, atLeast: number): Promise<Agreement> {
  const asked: { readonly question: Question; readonly answer: Answer }[] = []
  const differences: (Difference & { readonly seed: number })[] = []
  let worlds = 0
  while (asked.length < atLeast && differences.length === 0) {
    const worldSeed = seed + worlds++
    const { questions, answers, found } = await askAbout(worldSeed)
    questions.forEach((question, index) => {
      asked.push({ question, answer: answers[index] as Answer })
    })
    differences.push(...found.map((difference) => ({ seed: worldSeed, ...difference })))
  }
  const checks = asked.filter(({ question }) => question.ask === 'check')
  const lists = asked.filter(({ question }) => question.ask !== 'check')
  return {
    worlds,
    questions: asked.length,
    checks: checks.length,
    allows: checks.filter(({ answer }) => answer === 'allow').length,
    lists: lists.length,
    filledLists: lists.filter(({ answer }) => answer.length > 0).length,
    differences,
  }
}

async function askAbout(seed: number) {
  const random = new Random(seed)
  const world = randomWorld(random)
  const questions = randomQuestions(random, world, questionsPerWorld)
  const ours = await engineOpinion(world, random)
  const theirs = await spicedbOpinion(world, relationshipsOf(world))
  try {
    const { answers, differences } = await compare(ours, theirs, questions)
    return { questions, answers, found: differences }
  } finally {
    await Promise.all([ours.close(), theirs.close()])
  }
}
