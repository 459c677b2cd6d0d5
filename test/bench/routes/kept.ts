import { seeded } from '../workload/random.js'
import type { Taken } from './block.js'

/** What a way of guarding leaves of the requests that the bare route answers. */
export interface Kept {
  readonly name: string
  readonly perSecond: number
  /** Processor time of the server for one request, in microseconds. */
  readonly cpuUs: number
  readonly share: number
  /** Between these lie nine of ten shares of as many blocks, drawn from those that ran. */
  readonly range: readonly [low: number, high: number]
  readonly processes: number
}

/**
 * Compare ways by the processor time of a request, each in one process of every block.
 *
 * A server that is never without a request answers as many as its processor time allows, and other work on the machine
 * disturbs that time less. What is left of the disturbance comes and goes with the minutes, so that a process is
 * compared with the bare one of its own block. What V8 makes of one program differs from process to process by more
 * than a header costs: of the blocks the middle ones count, by their mean.
 *
 * @param bare - The way that all are compared with.
 */
export function keptOf(blocks: readonly (readonly Taken[])[], path: string, bare: string): readonly Kept[] {
  const names = new Set(blocks.flat().flatMap((each) => (each.path === path ? [each.way] : [])))
  return [...names].map((name): Kept => {
    const pairs = blocks.flatMap((block) => {
      const [base, own] = [bare, name].map((way) =>
        block.find((each) => each.way === way && each.path === path),
      )
      return base === undefined || own === undefined ? [] : [{ own, share: base.cpuUs / own.cpuUs }]
    })
    const shares = pairs.map(({ share }) => share)
    return {
      name,
      perSecond: middleMean(pairs.map(({ own }) => own.perSecond)),
      cpuUs: middleMean(pairs.map(({ own }) => own.cpuUs)),
      share: middleMean(shares),
      range: rangeOf(shares),
      processes: pairs.length,
    }
  })
}

/** Print a table of them. */
export function reportKept(title: string, figures: readonly Kept[]): void {
  console.log(`\n${title}`)
  for (const { name, perSecond, cpuUs, share, range, processes } of figures) {
    const spread = processes > 1 ? `   [${range.map((one) => one.toFixed(3)).join(' – ')}]` : ''
    console.log(
      [
        `  ${name.padEnd(46)} ${Math.round(perSecond).toLocaleString('en').padStart(8)}/s`,
        `${cpuUs.toFixed(2).padStart(7)} µs of processor`,
        `${share.toFixed(3)} of it${spread}`,
      ].join('   '),
    )
  }
}

/** The mean without the lowest and the highest quarter: one that went astray counts no more than any other. */
function middleMean(figures: readonly number[]): number {
  const cut = Math.floor(figures.length / 4)
  const middle = [...figures].sort((one, other) => one - other).slice(cut, figures.length - cut)
  return middle.reduce((sum, each) => sum + each, 0) / middle.length
}

/** By drawing blocks from those that ran, again and again. */
function rangeOf(shares: readonly number[]): readonly [number, number] {
  const random = seeded(31_415)
  const draw = () => shares[Math.floor(random() * shares.length)] as number
  const means = Array.from({ length: 2_000 }, () => middleMean(shares.map(draw)))
  means.sort((one, other) => one - other)
  return [means[100] ?? Number.NaN, means[1_899] ?? Number.NaN]
}
