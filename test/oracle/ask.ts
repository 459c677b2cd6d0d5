import { type AuthorizationEngine, type CheckQuestion, isAuthorizationError } from '@bailiwick/core'
import type { Answer } from './answer.js'
import { compareDecision } from './compare-decision.js'
import { compareExplanation } from './compare-explanation.js'
import { Disagreement } from './disagreement.js'
import type { Facts } from './facts.js'

/** A question with the oracle's answer to it. */
export interface Asked {
  readonly question: CheckQuestion
  readonly right: Answer
}

/** One in so many is explained as well: to compare an explanation, the oracle tries every grant and every miss. */
const explainOneIn = 20

/**
 * Ask an engine in every way there is: the one half one by one, the other together, and some of them why.
 *
 * @param batch - At most 100.
 * @throws {Disagreement} unless each answer is the oracle's.
 */
export async function ask(engine: AuthorizationEngine, facts: Facts, batch: readonly Asked[]): Promise<void> {
  const half = batch.length / 2
  await oneByOne(engine, facts, batch.slice(0, half))
  await together(engine, facts, batch.slice(half))
  for (const { question, right } of batch.filter((_, index) => index % explainOneIn === 0)) {
    if (right.kind === 'refused') await expectRefusal(question, right.code, engine.explain(question))
    else compareExplanation(facts, question, right, await engine.explain(question))
  }
}

async function oneByOne(engine: AuthorizationEngine, facts: Facts, batch: readonly Asked[]): Promise<void> {
  const answers = batch.map(async ({ question, right }) => {
    if (right.kind === 'refused') return expectRefusal(question, right.code, engine.check(question))
    compareDecision(facts, question, right, await engine.check(question))
  })
  await Promise.all(answers)
}

async function together(engine: AuthorizationEngine, facts: Facts, batch: readonly Asked[]): Promise<void> {
  const answerable = batch.filter(({ right }) => right.kind !== 'refused')
  const decisions = await engine.checkMany(answerable.map(({ question }) => question))
  if (decisions.length !== answerable.length) {
    throw new Disagreement('checkMany does not give one answer to each question', {
      questions: answerable.length,
      decisions: decisions.length,
    })
  }
  for (const [index, { question, right }] of answerable.entries()) {
    const decision = decisions[index]
    if (decision !== undefined) compareDecision(facts, question, right, decision)
  }
  const refused = batch.find(({ right }) => right.kind === 'refused')
  if (refused?.right.kind !== 'refused') return
  // One question that is a mistake spoils the batch: an answer to the others would hide it.
  const others = answerable.slice(0, 3).map(({ question }) => question)
  await expectRefusal(refused.question, refused.right.code, engine.checkMany([...others, refused.question]))
}

async function expectRefusal(
  question: CheckQuestion,
  code: string,
  answered: Promise<unknown>,
): Promise<void> {
  const outcome = await answered.catch((error: unknown) => error)
  if (!isAuthorizationError(outcome) || outcome.code !== code) {
    throw new Disagreement('a question that must be refused is answered', { question, code, engine: outcome })
  }
}
