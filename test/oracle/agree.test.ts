import type { AuthorizationEngine } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { type EnginePlace, memoryPlace } from '../doors/engine-places.js'
import { agree } from './agree.js'
import { Disagreement } from './disagreement.js'
import { Random } from './random/random.js'

const session = { worlds: 2, questionsPerWorld: 1_200, commandsAtOnce: 5 }

describe('a run', () => {
  test('follows from its seed: the same one again, and another from another', async () => {
    const once = await agree({ ...session, seed: 1, place: memoryPlace })
    const again = await agree({ ...session, seed: 1, place: memoryPlace })
    const other = await agree({ ...session, seed: 2, place: memoryPlace })
    expect(again.toString()).toBe(once.toString())
    expect(other.toString()).not.toBe(once.toString())
  })

  test('with an engine that never allows ends at the first allow, and says how to see it again', async () => {
    const strict = (engine: AuthorizationEngine) => ({
      check: async (...asked: Parameters<AuthorizationEngine['check']>) => {
        const decision = await engine.check(...asked)
        return decision.kind === 'allow' ? { kind: 'deny', reason: 'no_grant', nearestMisses: [] } : decision
      },
    })
    const run = agree({ ...session, seed: 3, place: () => engineBut(strict) })
    await expect(run).rejects.toThrow('the engine says deny, the oracle allow')
    await expect(run).rejects.toThrow('see it again with: SEED=3')
    await expect(run).rejects.toThrow(/commands just before: \n {4}\{"do":/)
  })

  test('with an engine that forgets a grant in an explanation ends, though the answer is right', async () => {
    const forgetful = (engine: AuthorizationEngine) => ({
      explain: async (...asked: Parameters<AuthorizationEngine['explain']>) => {
        const explanation = await engine.explain(...asked)
        const { decision } = explanation
        return decision.kind === 'deny'
          ? explanation
          : { ...explanation, decision: { ...decision, grants: decision.grants.slice(0, 1) } }
      },
    })
    const run = agree({ ...session, seed: 4, place: () => engineBut(forgetful) })
    await expect(run).rejects.toThrow('not every grant is named')
  })

  test('with an engine that deletes whatever it is told to ends', async () => {
    const deleteResource = async () => ({ value: undefined, token: '' })
    const run = agree({ ...session, seed: 5, place: () => engineBut(() => ({ deleteResource })) })
    await expect(run).rejects.toThrow(Disagreement)
  })
})

describe('random numbers', () => {
  test('are the same on every machine', () => {
    const random = new Random(42)
    expect(Array.from({ length: 6 }, () => random.between(0, 999))).toEqual([601, 448, 852, 669, 174, 526])
  })

  test('fall evenly, and cases as often as they weigh', () => {
    const random = new Random(7)
    const drawn = new Map<string, number>()
    for (let draw = 0; draw < 30_000; draw++) {
      const item = random.weighted([
        [1, 'rare'],
        [2, 'often'],
      ])
      drawn.set(item, (drawn.get(item) ?? 0) + 1)
    }
    expect(drawn.get('rare')).toBeGreaterThan(9_500)
    expect(drawn.get('rare')).toBeLessThan(10_500)
  })
})

/** The real engine, with some of its methods replaced. */
function engineBut(liesAbout: (engine: AuthorizationEngine) => object): EnginePlace {
  const place = memoryPlace()
  return {
    open: async (model) => {
      const engine = await place.open(model)
      const lies = liesAbout(engine)
      return new Proxy(engine, {
        get(_, name: keyof AuthorizationEngine) {
          if (name in lies) return lies[name as keyof typeof lies]
          const member = engine[name]
          return typeof member === 'function' ? member.bind(engine) : member
        },
      })
    },
    discard: () => place.discard(),
  }
}
