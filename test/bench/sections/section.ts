import type { Findings } from '../goals.js'
import type { Size } from '../workload/sizes.js'

/** How long to measure. */
export interface Effort {
  /** Passes over all questions, or rounds of a timed loop. */
  readonly rounds: number
  /** How long one round of a timed loop takes, in milliseconds. */
  readonly ms: number
}

/** One thing measured, in a process of its own so that nothing before it has warmed or filled anything. */
export interface Section {
  readonly name: string
  /** The sizes it is run at: in a full run, and in a short one. */
  readonly sizes: { readonly full: readonly Size[]; readonly short: readonly Size[] }
  readonly run: (size: Size, effort: Effort) => Promise<Findings>
}
