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

/**
 * Measure variants in turn, round by round, so that a machine that slows down slows all of them: only figures of
 * one call may be compared.
 *
 * @param effort.warmUpMs - How long each of them runs before. Default half a round.
 */
export async function measure(
  variants: readonly Variant[],
  {
    rounds,
    ms,
    warmUpMs = ms / 2,
  }: { readonly rounds: number; readonly ms: number; readonly warmUpMs?: number },
): Promise<readonly Figure[]> {
  const samples = new Map<string, number[]>(variants.map(({ name }) => [name, []]))
  for (const { run } of variants) await run(warmUpMs)
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of variants) {
      const start = performance.now()
      const operations = await run(ms)
      samples.get(name)?.push((operations / (performance.now() - start)) * 1_000)
    }
  }
  return variants.map(({ name }) => {
    const sorted = (samples.get(name) ?? []).sort((one, other) => one - other)
    return { name, median: sorted[sorted.length >> 1] ?? 0, low: sorted[0] ?? 0, high: sorted.at(-1) ?? 0 }
  })
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

/** Print figures as a table, each with its ratio to the first. */
export function report(
  title: string,
  figures: readonly Figure[],
  ratio: (figure: Figure, base: Figure) => string,
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
