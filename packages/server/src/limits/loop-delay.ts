import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How late the event loop is, over the last half second. */
export interface LoopDelay {
  /** In milliseconds: the lower mean of the last two quarters of a second, so that one long pause is not a load. */
  readonly delayMs: () => number
  readonly stop: () => void
}

const resolutionMs = 20
const sampleMs = 250

/** Watch the event loop. It does not keep the process alive. */
export function watchLoop(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  let before = 0
  let last = 0
  const timer = setInterval(() => {
    // A sample counts the time between two looks, of which the resolution itself is no delay.
    before = last
    last = Number.isNaN(histogram.mean) ? 0 : Math.max(0, histogram.mean / 1e6 - resolutionMs)
    histogram.reset()
  }, sampleMs).unref()
  return {
    delayMs: () => Math.min(before, last),
    stop: () => {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
