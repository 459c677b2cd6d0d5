import { Random } from '../oracle/random/random.js'
import { compare, type Difference } from './compare.js'
import { engineOpinion } from './engine-opinion.js'
import type { Answer, Question } from './question.js'
import { randomQuestions } from './random-questions.js'
import { randomWorld } from './random-world.js'
import { relationshipsOf } from './relationships.js'
import { type Spicedb, startSpicedb } from './spicedb.js'
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
  const spicedb = await startSpicedb()
  const asked: Asked[] = []
  const differences: (Difference & { readonly seed: number })[] = []
  let worlds = 0
  try {
    while (asked.length < atLeast && differences.length === 0) {
      const worldSeed = seed + worlds++
      const about = await askAbout(spicedb, worldSeed)
      asked.push(...about.asked)
      differences.push(...about.differences.map((difference) => ({ seed: worldSeed, ...difference })))
    }
  } finally {
    await spicedb.close()
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

interface Asked {
  readonly question: Question
  readonly answer: Answer
}

async function askAbout(
  spicedb: Spicedb,
  seed: number,
): Promise<{ readonly asked: readonly Asked[]; readonly differences: readonly Difference[] }> {
  const random = new Random(seed)
  const world = randomWorld(random)
  const questions = randomQuestions(random, world, questionsPerWorld)
  const ours = await engineOpinion(world, random)
  try {
    const theirs = await spicedbOpinion(spicedb, world, relationshipsOf(world))
    const { answers, differences } = await compare(ours, theirs, questions)
    const asked = questions.map((question, index) => ({ question, answer: answers[index] as Answer }))
    return { asked, differences }
  } finally {
    await ours.close()
  }
}
