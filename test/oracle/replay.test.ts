import { describe, expect, test } from 'vitest'
import { memoryPlace } from '../doors/engine-places.js'
import { answer } from './answer.js'
import { Life } from './life.js'
import { Random, seedOfRun } from './random/random.js'
import { randomQuestion } from './random/random-question.js'
import { replay } from './replay.js'
import { Tally } from './tally.js'

const worlds = 4
const questionsPerWorld = 150

describe('the facts that an explanation names', () => {
  test('give the same decision in an empty store, without any others', async () => {
    const seed = seedOfRun()
    const tally = new Tally()
    for (let world = 0; world < worlds; world++) {
      const random = new Random(seed + world)
      const place = memoryPlace()
      const life = new Life(random, place, tally, 1, 'rich')
      const engine = await life.grow()
      for (let asked = 0; asked < questionsPerWorld; ) {
        const question = randomQuestion(random, life.facts)
        const right = answer(life.facts, question)
        // What is unknown, or asleep, is not made by facts that an explanation could name.
        if (right.kind === 'refused') continue
        if (right.kind === 'deny' && right.reason !== 'no_grant' && right.reason !== 'excluded') continue
        asked += 1
        tally.answered(right)
        const explanation = await engine.explain(question)
        const replayed = await replay(life.definition, explanation)
        expect(replayed.kind, `SEED=${seed}: ${JSON.stringify(explanation)}`).toBe(right.kind)
      }
      await life.end()
      place.discard()
    }
    console.info(
      `SEED=${seed}: ${tally.questions} explanations replayed, ${100 * tally.shareOfAllows} % allows`,
    )
    expect(tally.shareOfAllows).toBeGreaterThanOrEqual(0.2)
    expect(tally.delegated).toBeGreaterThan(0)
  })
})
