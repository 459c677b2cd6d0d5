import type { Figure } from './measure.js'
import { seeded, shuffled } from './workload/random.js'
import { WrongAnswer } from './wrong-answer.js'

/** One way of answering the same questions. */
export interface Contender {
  readonly name: string
  /**
   * Make what one pass over the questions needs, new strings above all, and return the pass. Only the pass is
   * timed. It writes 1 for an allow and 0 for a deny, in order, and may answer the first of the questions only.
   */
  readonly prepare: () => Pass
}

export interface Pass {
  readonly questions: number
  readonly run: (answers: Uint8Array) => void | Promise<void>
}

/**
 * Let contenders answer in turn, round by round, so that a machine that slows down slows all of them, and in another
 * order each round, since each leaves its own memory in the caches. Every answer of every pass is compared with the
 * expected ones.
 *
 * @returns Answers a second, in the order of the contenders.
 * @throws {Error} naming the contender and the question where an answer differs.
 */
export async function measurePasses(
  contenders: readonly Contender[],
  expected: Uint8Array,
  rounds: number,
): Promise<readonly Figure[]> {
  const random = seeded(27_182)
  const samples = contenders.map((): number[] => [])
  for (let round = -4; round < rounds; round++) {
    for (const [n, { name, prepare }] of shuffled([...contenders.entries()], random)) {
      const { questions, run } = prepare()
      const answers = new Uint8Array(questions).fill(2)
      settleYoungHeap()
      const start = performance.now()
      const running = run(answers)
      if (running !== undefined) await running
      const seconds = (performance.now() - start) / 1_000
      const differing = answers.findIndex((answer, index) => answer !== expected[index])
      if (differing >= 0)
        throw new WrongAnswer(`${name} answers question ${differing} with ${answers[differing]}`)
      if (round >= 0) samples[n]?.push(questions / seconds)
    }
  }
  return contenders.map(({ name }, n) => ({ name, ...summaryOf(samples[n] ?? []) }))
}

// What was just made survives two collections of the young heap here, and is not copied within the timed pass.
function settleYoungHeap(): void {
  globalThis.gc?.({ type: 'minor' })
  globalThis.gc?.({ type: 'minor' })
}

/** Median, lowest and highest of some samples. */
export function summaryOf(samples: readonly number[]): Omit<Figure, 'name'> {
  const sorted = [...samples].sort((one, other) => one - other)
  return { median: sorted[sorted.length >> 1] ?? 0, low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0 }
}
