import { type RemoteEngine, remoteEngine } from '@bailiwick/client'
import { replicaEngine } from '@bailiwick/client/replica'
import type { AuthorizationEngine, CheckQuestion } from '@bailiwick/core'
import { atLeast, atMost, type Findings } from '../goals.js'
import type { CheckServer } from '../http/check-server.js'
import { startCompanion } from '../http/processes.js'
import { type Figure, report, timesTheCost } from '../measure.js'
import { openOurs } from '../ours.js'
import { type Contender, measurePasses } from '../passes.js'
import { benchModel } from '../workload/model.js'
import { asCheckQuestion, drawQuestions, freshQuestions } from '../workload/questions.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload } from '../workload/workload.js'
import type { Effort } from './section.js'

/**
 * What answers in this process and lives elsewhere: a replica and kept answers, beside the engine over a store of its
 * own; and how long after a write was acknowledged the replica knows of it. The server runs in a process of its own.
 */
export async function runReplica(size: Size, { rounds }: Effort): Promise<Findings> {
  const workload = makeWorkload(size)
  const asked = drawQuestions(workload, 500)
  const fresh = () => freshQuestions(workload, asked).map(asCheckQuestion)
  const server = await startCompanion<CheckServer>('./check-server.js', [size.name])
  const { ready } = server
  const embedded = await openOurs(workload)
  // What is measured here is what answers here, however busy the machine is.
  const patient = { ...ready, deadlineMs: 30_000 }
  const replica = await replicaEngine({ ...patient, stalenessMs: 60_000, maxMemoryMb: 4_096 })
  const cache = { maxAgeMs: 60_000, max: 2 * asked.length, follow: true }
  const keeping = await remoteEngine({ ...patient, model: benchModel(), cache })
  const writer = await remoteEngine({ ...patient, model: benchModel() })
  try {
    const expected = await answersOf(embedded.engine, fresh())
    await answersOf(replica, fresh())
    await answersOf(keeping, fresh())
    const contenders = [
      awaited('embedded', embedded.engine, fresh),
      awaited('a replica', replica, fresh),
      awaited('kept answers', keeping, fresh),
    ]
    const figures = await measurePasses(contenders, expected, rounds)
    report(`check awaited at ${size.name}, ${asked.length} questions`, figures, timesTheCost)
    const allowed = fresh()[expected.indexOf(1)] as CheckQuestion
    const latencies = await feedLatencies(replica, writer, allowed, writesPerRound * rounds)
    tellLatencies(latencies)
    return { goals: judge(size, figures, latencies), figures: {} }
  } finally {
    for (const engine of [writer, keeping, replica, embedded]) await engine.close()
    await server.end()
  }
}

const writesPerRound = 40

function judge(size: Size, figures: readonly Figure[], latencies: readonly number[]): Findings['goals'] {
  const [embedded, replica, kept] = figures.map(({ median }) => median) as [number, number, number]
  return [
    atLeast(0.9, replica / embedded, `${size.name}: checks a second by a replica`, '× embedded'),
    atMost(3, embedded / kept, `${size.name}: a check that is kept`, '× embedded'),
    atMost(1_000, quantile(latencies, 0.99), `${size.name}: acknowledged to visible in a replica, p99`, 'ms'),
  ]
}

function awaited(
  name: string,
  engine: Pick<AuthorizationEngine, 'check'>,
  fresh: () => readonly CheckQuestion[],
): Contender {
  return {
    name,
    prepare: () => {
      const questions = fresh()
      return {
        questions: questions.length,
        run: async (answers) => {
          for (let n = 0; n < questions.length; n++)
            answers[n] = (await engine.check(questions[n] as CheckQuestion)).kind === 'allow' ? 1 : 0
        },
      }
    },
  }
}

/** Ask everything once, a hundred at a time: what loads, or is kept, is there afterwards. */
async function answersOf(
  engine: Pick<AuthorizationEngine, 'checkMany'>,
  questions: readonly CheckQuestion[],
): Promise<Uint8Array> {
  const answers: number[] = []
  for (let n = 0; n < questions.length; n += 100)
    for (const { kind } of await engine.checkMany(questions.slice(n, n + 100)))
      answers.push(kind === 'allow' ? 1 : 0)
  return Uint8Array.from(answers)
}

/**
 * Take a permission away and give it back, over a connection that has nothing to do with the replica, and ask that until
 * it knows. Milliseconds since the write was acknowledged, in order.
 */
async function feedLatencies(
  replica: AuthorizationEngine,
  writer: RemoteEngine,
  question: CheckQuestion,
  writes: number,
): Promise<readonly number[]> {
  const { organizationId, subject, permission } = question
  const latencies: number[] = []
  const until = async (wanted: 'allow' | 'deny') => {
    const acknowledgedAt = performance.now()
    while ((await replica.check(question)).kind !== wanted) await new Promise(setImmediate)
    latencies.push(performance.now() - acknowledgedAt)
  }
  while (latencies.length < writes) {
    const { value } = await writer.createExclusion({ organizationId, subject, permission })
    await until('deny')
    await writer.deleteExclusion(organizationId, value.id)
    await until('allow')
  }
  return latencies.sort((one, other) => one - other)
}

function tellLatencies(latencies: readonly number[]): void {
  const [median, p99] = [0.5, 0.99].map((share) => quantile(latencies, share).toFixed(2))
  console.log(
    `\nacknowledged to visible in a replica, ${latencies.length} writes: p50 ${median} ms, p99 ${p99} ms`,
  )
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
