import type { CheckOptions, ConsistencyToken, Decision } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AnswerCache, type Kept } from './answer-cache.js'
import { cachedQuestions } from './cached-questions.js'
import { acme, revisionOf, SimulatedService } from './simulated-service.fixture.js'

const maxAgeMs = 1_000
const question = {
  organizationId: acme,
  subject: { userId: 'ann' },
  permission: 'billing:manage',
} as const

type Step =
  | {
      readonly do:
        | 'check'
        | 'checkMany'
        | 'checkWithToken'
        | 'write'
        | 'writeElsewhere'
        | 'heartbeat'
        | 'fail'
    }
  | { readonly do: 'sleep'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Step>({ do: 'check' }, { do: 'checkWithToken' }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Step>({ do: 'write' }, { do: 'writeElsewhere' }, { do: 'checkMany' }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'heartbeat' }, { do: 'fail' }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('sleep' as const), ms: fc.constantFrom(100, 450, 950, 1_100) }),
  },
)

/** What several callers do, each one thing after the other. */
const lives = fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 4 })

/** An answer, and what it must be as new as. */
interface Answered {
  readonly decision: Decision
  readonly notBefore: number
  readonly leastRevision: number
  readonly lastRevision: number
}

type MakeCache = (parts: ConstructorParameters<typeof AnswerCache>[0]) => AnswerCache

/** However calls, answers and what the feed tells may be interleaved, no answer is older than it may be. */
function neverTooOld(makeCache: MakeCache, { follow }: { readonly follow: boolean }) {
  return fc.asyncProperty(fc.scheduler(), lives, async (scheduler, steps) => {
    let completeAt = Number.NEGATIVE_INFINITY
    let heardRevision = 0
    const service = new SimulatedService(
      () => scheduler.schedule(Promise.resolve()),
      // Who follows is not misled by nodes that know less than the feed.
      follow ? 500 : 0,
      (what, revision, sentAt) => {
        if (!follow) return
        if (what === 'heartbeat') completeAt = sentAt
        else cache.changed(acme)
        heardRevision = revision
      },
    )
    const cache = makeCache({
      maxAgeMs,
      max: 100,
      clock: () => service.time,
      completeAt: () => completeAt,
    })
    const engine = cachedQuestions(service.engine, cache, follow ? 'latest' : undefined)
    let written: ConsistencyToken | undefined
    let ownRevision = 0

    const check = async (options: CheckOptions, tokenRevision = 0): Promise<readonly Answered[]> => {
      const must = {
        notBefore: service.time - maxAgeMs,
        // A token asks for what it says, of a node that may know no more.
        leastRevision:
          follow && tokenRevision > 0 ? tokenRevision : Math.max(tokenRevision, ownRevision, heardRevision),
      }
      const decision = await engine.check(question, options)
      return [{ ...must, decision, lastRevision: service.revision }]
    }
    const checkMany = async (): Promise<readonly Answered[]> => {
      const must = {
        notBefore: service.time - maxAgeMs,
        leastRevision: Math.max(ownRevision, heardRevision),
      }
      const decisions = await engine.checkMany([question])
      return decisions.map((decision) => ({ ...must, decision, lastRevision: service.revision }))
    }
    const doStep = async (each: Step): Promise<readonly Answered[]> => {
      switch (each.do) {
        case 'check':
          return check({})
        case 'checkMany':
          return checkMany()
        case 'checkWithToken':
          return written === undefined
            ? []
            : check({ consistency: { atLeast: written } }, revisionOf(written))
        case 'write': {
          const token = await service.write()
          cache.changed(acme, token)
          ownRevision = Math.max(ownRevision, revisionOf(token))
          written = token
          return []
        }
        case 'writeElsewhere':
          written = service.writeElsewhere()
          return []
        case 'heartbeat':
          service.heartbeat()
          return []
        case 'fail':
          service.failing = !service.failing
          return []
        case 'sleep':
          service.time += each.ms
          return []
      }
    }
    const live = async (life: readonly Step[]): Promise<readonly Answered[]> => {
      const answered: Answered[] = []
      for (const each of life) {
        await scheduler.schedule(Promise.resolve())
        answered.push(...(await doStep(each).catch(() => [])))
      }
      return answered
    }
    const all = await scheduler.waitFor(Promise.all(steps.map(live)))
    for (const each of all.flat()) if (!isNewEnough(each, service)) throw new Error(JSON.stringify(each))
  })
}

/** Whether the answer was true at a moment that is new enough. */
function isNewEnough({ decision, ...must }: Answered, { history }: SimulatedService): boolean {
  return history.some(({ isAllowed }, revision) => {
    const until = history[revision + 1]?.from ?? Number.POSITIVE_INFINITY
    return (
      isAllowed === (decision.kind === 'allow') &&
      until >= must.notBefore &&
      revision >= must.leastRevision &&
      revision <= must.lastRevision
    )
  })
}

const patienceMs = 120_000
const runs = { numRuns: process.env.RUNS === 'long' ? 20_000 : 1_500 }
const ways = [{ follow: false }, { follow: true }]

describe.each(ways)('whatever is interleaved with whatever, with %j', (way) => {
  test(
    'no answer is older than the bound, nor than a token, an own write, or what was heard',
    async () => {
      await fc.assert(
        neverTooOld((parts) => new AnswerCache(parts), way),
        runs,
      )
    },
    patienceMs,
  )
})

/** Mistakes that somebody could make. */
class WithoutGenerations extends AnswerCache {
  override keep(key: string, kept: Kept): void {
    const { generation } = this.ask(acme)
    super.keep(key, { ...kept, asking: { ...kept.asking, generation } })
  }
}

class DatedByArrival extends AnswerCache {
  override keep(key: string, kept: Kept): void {
    const { askedAt } = this.ask(acme)
    super.keep(key, { ...kept, asking: { ...kept.asking, askedAt } })
  }
}

class DeafToChanges extends AnswerCache {
  override changed(): void {}
}

describe('this test can tell: it finds', () => {
  test.each([
    ['an answer kept after the change that it is older than', WithoutGenerations, ways],
    ['an answer that is as old as its arrival', DatedByArrival, ways],
    ['an answer kept over a change', DeafToChanges, ways],
  ] as const)(
    '%s',
    async (_, Cache, inWays) => {
      for (const way of inWays) {
        const { failed, seed } = await fc.check(
          neverTooOld((parts) => new Cache(parts), way),
          // The rarest of them shows once in two thousand runs.
          { numRuns: 80_000, endOnFailure: true },
        )
        expect(failed, JSON.stringify({ ...way, seed })).toBe(true)
      }
    },
    patienceMs,
  )
})
