import { remoteEngine } from '@bailiwick/client'
import type { AuthorizationEngine, CheckQuestion } from '@bailiwick/core'
import { Pool } from 'undici'
import { atLeast, atMost, type Findings, type Goal } from '../goals.js'
import type { CheckServer } from '../http/check-server.js'
import { type Placement, place } from '../http/placement.js'
import { startCompanion } from '../http/processes.js'
import { summaryOf } from '../passes.js'
import { benchModel } from '../workload/model.js'
import { asCheckQuestion, drawQuestions, freshQuestions } from '../workload/questions.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload } from '../workload/workload.js'
import type { Effort } from './section.js'

const together = 64

const whereOf: Readonly<Record<Placement, string>> = { apart: 'two cores', together: 'one core' }

/**
 * Checks by a remote engine: one in flight, beside the least that one request can take; and as many as a page asks
 * at once, which go out as one. The servers run in processes of their own.
 */
export async function runRemote(size: Size, { rounds, ms }: Effort): Promise<Findings> {
  const server = await startCompanion<CheckServer>('./check-server.js', [size.name])
  const smallest = await startCompanion<{ readonly port: number }>('./bare-server.js')
  const pool = new Pool(`http://127.0.0.1:${smallest.ready.port}`)
  const engine = await remoteEngine({ ...server.ready, model: benchModel(), deadlineMs: 5_000 })
  try {
    const workload = makeWorkload(size)
    // Organization by organization, as a page asks: all that it asks at once is about one customer's data.
    const questions = freshQuestions(workload, drawQuestions(workload, 1_000))
      .map(asCheckQuestion)
      .sort((one, other) => (one.organizationId < other.organizationId ? -1 : 1))
    const ways: readonly Way[] = [
      { name: 'Pool.request, a constant', step: () => request(pool) },
      { name: 'remote check, one in flight', step: (index) => check(engine, questions, index) },
      {
        name: `remote checks, ${together} of one tick`,
        checks: together,
        step: (index) =>
          Promise.all(
            Array.from({ length: together }, (_, n) => check(engine, questions, index * together + n)),
          ),
      },
    ]
    const goals: Goal[] = []
    // A service is elsewhere. On one core a request wakes nobody, and all that is left is what both have to do.
    for (const placement of ['apart', 'together'] as const) {
      const isPlaced = place([server.pid, smallest.pid], placement)
      const where = isPlaced ? whereOf[placement] : 'cores as they come'
      console.log(`  client and server on ${where}`)
      goals.push(...compared(`${size.name}, ${where}`, await timeInTurn(ways, rounds, ms)))
      if (!isPlaced) break
    }
    return { goals, figures: {} }
  } finally {
    await engine.close()
    await pool.close()
    await Promise.all([server.end(), smallest.end()])
  }
}

function compared(where: string, [least, single, gathered]: readonly Timed[]): readonly Goal[] {
  if (least === undefined || single === undefined || gathered === undefined)
    throw new Error('nothing was measured')
  return [
    atMost(1.5, single.p50Us / least.p50Us, `${where}: remote check, one in flight, p50`, '× Pool.request'),
    atLeast(
      20,
      gathered.perSecond / single.perSecond,
      `${where}: checks a second, ${together} of one tick`,
      '× one call each',
    ),
  ]
}

interface Way {
  readonly name: string
  /** How many checks one step is. Default 1. */
  readonly checks?: number
  readonly step: (index: number) => Promise<unknown>
}

interface Timed {
  readonly perSecond: number
  readonly p50Us: number
}

const body = JSON.stringify({
  permission_slug: 'project:view',
  resource_external_id: 'project-1',
  resource_type_slug: 'project',
})
const headers = { 'content-type': 'application/json', authorization: 'Bearer sk_bench' }

async function request(pool: Pool): Promise<void> {
  const answer = await pool.request({ method: 'POST', path: '/check', headers, body })
  if (((await answer.body.json()) as { authorized: boolean }).authorized !== true)
    throw new Error('no constant')
}

function check(engine: AuthorizationEngine, questions: readonly CheckQuestion[], index: number) {
  return engine.check(questions[index % questions.length] as CheckQuestion)
}

/** Run each way for a while, round by round, so that a machine that slows down slows all of them. */
async function timeInTurn(ways: readonly Way[], rounds: number, ms: number): Promise<readonly Timed[]> {
  const found = ways.map((): Timed[] => [])
  for (let round = -2; round < rounds; round++) {
    for (const [n, way] of ways.entries()) {
      const timed = await time(way, round < 0 ? 1_500 : ms)
      if (round >= 0) found[n]?.push(timed)
    }
  }
  return found.map((each, n) => {
    const median = (name: keyof Timed) => summaryOf(each.map((timed) => timed[name])).median
    const timed = { perSecond: median('perSecond'), p50Us: median('p50Us') }
    const perSecond = Math.round(timed.perSecond).toLocaleString('en').padStart(9)
    console.log(
      `  ${ways[n]?.name.padEnd(32)} ${perSecond} checks/s   p50 ${Math.round(timed.p50Us)} µs a step`,
    )
    return timed
  })
}

async function time({ checks = 1, step }: Way, ms: number): Promise<Timed> {
  const times: number[] = []
  const start = performance.now()
  for (let index = 0; performance.now() < start + ms; index++) {
    const from = performance.now()
    await step(index)
    times.push(performance.now() - from)
  }
  const perSecond = (times.length * checks * 1_000) / (performance.now() - start)
  return { perSecond, p50Us: summaryOf(times).median * 1_000 }
}
