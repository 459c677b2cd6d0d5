/** One way of doing the work: run for about `ms` milliseconds, and say how many operations were done. */
export interface Variant {
  readonly name: string
  readonly run: (ms: number) => Promise<number> | number
}

/** Operations a second of one variant over all rounds. */
export interface Figure {
  readonly name: string
  readonly median: number
  readonly low: number
  readonly high: number
}

/** The same with that of each round, in their order: what was measured side by side can be compared side by side. */
export interface FigureInRounds extends Figure {
  readonly rounds: readonly number[]
}

/**
 * Measure variants in turn, round by round, so that a machine that slows down slows all of them: only figures of
 * one call may be compared.
 *
 * @param effort.warmUpMs - How long each of them runs before. Default half a round.
 * @param effort.leadInMs - How long each runs before each of its rounds. Default not at all: only what sleeps much is
 *   the faster for it.
 */
export async function measure<const Variants extends readonly Variant[]>(
  variants: Variants,
  {
    rounds,
    ms,
    warmUpMs = ms / 2,
    leadInMs = 0,
  }: {
    readonly rounds: number
    readonly ms: number
    readonly warmUpMs?: number
    readonly leadInMs?: number
  },
): Promise<{ readonly [Each in keyof Variants]: FigureInRounds }> {
  const samples = new Map<string, number[]>(variants.map(({ name }) => [name, []]))
  for (const { run } of variants) await run(warmUpMs)
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of variants) {
      if (leadInMs > 0) await run(leadInMs)
      const start = performance.now()
      const operations = await run(ms)
      samples.get(name)?.push((operations / (performance.now() - start)) * 1_000)
    }
  }
  const figures = variants.map(({ name }): FigureInRounds => {
    const inRounds = samples.get(name) ?? []
    const [low, high] = [Math.min(...inRounds), Math.max(...inRounds)]
    return { name, median: medianOf(inRounds), low, high, rounds: inRounds }
  })
  // One for each variant, which the type of `map` does not say.
  return figures as { readonly [Each in keyof Variants]: FigureInRounds }
}

/** Call a synchronous step until the time is up. */
export function loop(step: (index: number) => void): (ms: number) => number {
  let index = 0
  return (ms) => {
    const end = performance.now() + ms
    const first = index
    while (performance.now() < end) for (let i = 0; i < 500; i++) step(index++)
    return index - first
  }
}

/** Call an asynchronous step, one after the other, until the time is up. */
export function loopAsync(step: (index: number) => Promise<unknown>): (ms: number) => Promise<number> {
  let index = 0
  return async (ms) => {
    const end = performance.now() + ms
    const first = index
    while (performance.now() < end) for (let i = 0; i < 20; i++) await step(index++)
    return index - first
  }
}

/** The same by many at once, each of whom goes on when his last one is done. */
export function together(name: string, many: number, work: (worker: number) => Promise<unknown>): Variant {
  return {
    name,
    run: async (ms) => {
      const end = performance.now() + ms
      let done = 0
      const worker = async (n: number) => {
        for (; performance.now() < end; done++) await work(n)
      }
      await Promise.all(Array.from({ length: many }, (_, n) => worker(n)))
      return done
    },
  }
}

/** Print figures as a table, each with its ratio to the first. */
export function report<Each extends Figure>(
  title: string,
  figures: readonly Each[],
  ratio: (figure: Each, base: Each) => string,
): void {
  const [base] = figures
  if (base === undefined) return
  console.log(`\n${title}`)
  for (const figure of figures) {
    const perSecond = Math.round(figure.median).toLocaleString('en')
    const range = `[${Math.round(figure.low).toLocaleString('en')} – ${Math.round(figure.high).toLocaleString('en')}]`
    const microseconds = (1e6 / figure.median).toFixed(figure.median > 1e5 ? 3 : 1)
    const shown = figure === base ? '1.00 ×' : ratio(figure, base)
    console.log(
      `  ${figure.name.padEnd(46)} ${perSecond.padStart(12)}/s  ${range.padEnd(28)} ${microseconds.padStart(9)} µs  ${shown}`,
    )
  }
}

/** How much longer one operation takes than the base's. */
export const timesTheCost = (figure: Figure, base: Figure): string =>
  `${(base.median / figure.median).toFixed(2)} × the cost`

/** How much of the base's throughput is kept. */
export const shareKept = (figure: Figure, base: Figure): string =>
  `${(figure.median / base.median).toFixed(2)} of it`

/**
 * The median of what each round kept of the base's throughput: where a disk is as fast as it likes to be, two medians
 * may be of different minutes.
 */
export function shareInRounds(figure: FigureInRounds, base: FigureInRounds): number {
  return medianOf(figure.rounds.map((rate, round) => rate / (base.rounds[round] ?? Number.NaN)))
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[sorted.length >> 1] ?? 0
}
