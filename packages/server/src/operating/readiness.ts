import type { Notebook } from '@bailiwick/core'

/** Whether requests should come here. */
export interface Readiness {
  /** `ready`, or why not. */
  readonly check: () => Promise<'ready' | 'stopping' | 'store_unavailable'>
  /** From now on it is not. */
  readonly stop: () => void
}

const bucket = 'readiness'
const probeEveryMs = 1_000

/** A store is good when it can be written: a full disk still reads. Probed at most once a second. */
export function createReadiness(notebook: Notebook, clock: () => number): Readiness {
  let stopping = false
  let probedAt = Number.NEGATIVE_INFINITY
  let last: Promise<boolean> = Promise.resolve(false)
  const probe = () => {
    const now = clock()
    if (now - probedAt >= probeEveryMs || now < probedAt) {
      probedAt = now
      last = notebook.write(bucket, 'probe', String(now)).then(
        () => true,
        () => false,
      )
    }
    return last
  }
  return {
    check: async () => {
      if (stopping) return 'stopping'
      const stored = await probe()
      return stopping ? 'stopping' : stored ? 'ready' : 'store_unavailable'
    },
    stop: () => {
      stopping = true
    },
  }
}
