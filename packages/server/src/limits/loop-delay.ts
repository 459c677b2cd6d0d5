import { monitorEventLoopDelay } from 'node:perf_hooks'

/** How late the event loop was over the last quarter of a second. */
export interface LoopDelay {
  /** The mean, in milliseconds. */
  readonly delayMs: () => number
  readonly stop: () => void
}

const resolutionMs = 20
const sampleMs = 250

/** Watch the event loop. It does not keep the process alive. */
export function watchLoop(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: resolutionMs })
  histogram.enable()
  let delayMs = 0
  const timer = setInterval(() => {
    // A sample counts the time between two looks, of which the resolution itself is no delay.
    delayMs = Number.isNaN(histogram.mean) ? 0 : Math.max(0, histogram.mean / 1e6 - resolutionMs)
    histogram.reset()
  }, sampleMs).unref()
  return {
    delayMs: () => delayMs,
    stop: () => {
      clearInterval(timer)
      histogram.disable()
    },
  }
}
