import { TryLater } from '@bailiwick/wire'

/** How often a key may ask. */
export interface RateLimit {
  /** Requests per second in the long run. */
  readonly perSecond: number
  /** How many may come at once after a pause. Default: those of two seconds. */
  readonly burst?: number
}

/** Holds keys to their limit. */
export interface RateLimiter {
  /** Let a request of a key pass. @throws {TryLater} `rate_limited` when it asks more often than it may. */
  readonly enter: (keyId: string) => void
  /**
   * Count more of a request that has passed: a hundred questions at once are as many as one after the other. They are
   * answered, and whoever comes next with this key waits for it.
   */
  readonly charge: (keyId: string, requests: number) => void
}

/** A bucket for each key: a request takes a token, and tokens come back as time goes by. */
export function rateLimiter(
  { perSecond, burst = perSecond * 2 }: RateLimit,
  clock: () => number,
): RateLimiter {
  const most = Math.max(1, burst)
  // Only keys that exist come here, so that there are as few buckets as keys.
  const buckets = new Map<string, { tokens: number; at: number }>()
  const bucketOf = (keyId: string) => {
    const now = clock()
    let bucket = buckets.get(keyId)
    if (bucket === undefined) {
      bucket = { tokens: most, at: now }
      buckets.set(keyId, bucket)
    }
    // A clock that is set back gives nothing, and takes nothing.
    bucket.tokens = Math.min(most, bucket.tokens + (Math.max(0, now - bucket.at) / 1_000) * perSecond)
    bucket.at = now
    return bucket
  }
  return {
    enter: (keyId) => {
      const bucket = bucketOf(keyId)
      if (bucket.tokens < 1) throw new TryLater('rate_limited', Math.ceil((1 - bucket.tokens) / perSecond))
      bucket.tokens -= 1
    },
    charge: (keyId, requests) => {
      bucketOf(keyId).tokens -= requests
    },
  }
}
