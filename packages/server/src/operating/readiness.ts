import { type Notebook, StoreFull } from '@bailiwick/core'

/** Whether requests should come here. */
export interface Readiness {
  /** `ready`, or why not. */
  readonly check: () => Promise<'ready' | 'stopping' | 'store_unavailable'>
  /** From now on it is not. */
  readonly stop: () => void
}

const bucket = 'readiness'
const probeEveryMs = 1_000

/**
 * A store is good when it can be written. A full one is good as well: whoever took its requests away would take checks
 * and revocations with them. Probed at most once a second.
 */
export function createReadiness(notebook: Notebook, clock: () => number): Readiness {
  let stopping = false
  let probedAt = Number.NEGATIVE_INFINITY
  let last: Promise<boolean> = Promise.resolve(false)
  const probe = () => {
    const now = clock()
    if (now - probedAt >= probeEveryMs || now < probedAt) {
      probedAt = now
      // It has ended when the next one comes: so it is new each time, and uses no room that is kept for revocations.
      last = notebook.insert(bucket, 'probe', String(now), { expiresAt: now }).then(
        () => true,
        (error) => error instanceof StoreFull,
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
