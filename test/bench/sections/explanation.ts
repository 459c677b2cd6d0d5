import type { CheckQuestion } from '@bailiwick/core'
import { atMost, type Findings } from '../goals.js'
import { loop, loopAsync, measure, report, timesTheCost } from '../measure.js'
import { openOurs } from '../ours.js'
import { asCheckQuestion, drawQuestions, freshQuestions } from '../workload/questions.js'
import type { Size } from '../workload/sizes.js'
import { makeWorkload } from '../workload/workload.js'
import type { Effort } from './section.js'

/** What the reasons of a decision cost: nothing where nobody asks, a little in a decision, more in full. */
export async function runExplanation(size: Size, effort: Effort): Promise<Findings> {
  const workload = makeWorkload(size)
  const questions = freshQuestions(workload, drawQuestions(workload, 1_000)).map(asCheckQuestion)
  const { engine, subject, resource, close } = await openOurs(workload)
  const at = (index: number) => questions[index % questions.length] as CheckQuestion
  const resolved = questions.map((question) => ({
    subject: subject(question),
    permission: question.permission,
    resource: resource(question),
  }))
  const yesOrNo = (index: number) => {
    const question = resolved[index % resolved.length] as (typeof resolved)[number]
    return question.subject.allows(question.permission, question.resource)
  }
  const figures = await measure(
    [
      { name: 'yes or no, both resolved', run: loop(yesOrNo) },
      {
        name: 'check: the first grant, the nearest misses',
        run: loopAsync((index) => engine.check(at(index))),
      },
      { name: 'explain: everything', run: loopAsync((index) => engine.explain(at(index))) },
    ],
    effort,
  )
  report(`explanations at ${size.name}`, figures, timesTheCost)
  const bytes = bytesMade(yesOrNo, 1_000_000)
  await close()
  return { goals: [atMost(1, bytes, 'memory made by a yes or no', 'bytes')], figures: {} }
}

/** Bytes that one call makes, the least of several attempts: somebody else may have made some meanwhile. */
function bytesMade(call: (index: number) => unknown, calls: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let attempt = 0; attempt < 5; attempt++) {
    globalThis.gc?.()
    const before = process.memoryUsage().heapUsed
    for (let index = 0; index < calls; index++) call(index)
    least = Math.min(least, (process.memoryUsage().heapUsed - before) / calls)
  }
  return Math.max(least, 0)
}
