import { Misconfigured } from '@bailiwick/core'

/** How answers of a remote engine are kept, and for how long they may be given again. */
export interface CacheOptions {
  /**
   * How old what answers may be: a role that somebody else took back may still be allowed for so long.
   * Milliseconds from 1 to 60 000, from 500 with `follow`. Default 1 000.
   */
  readonly maxAgeMs?: number
  /** How many answers are kept; the least recently used give way. 1 to 1 000 000, default 10 000. */
  readonly max?: number
  /**
   * Follow the change feed of the server, which takes a key with the scope `read`. What changes anywhere is then
   * forgotten as soon as it is heard of, and everything else stays good for as long as the feed is heard. Default
   * `false`: an answer is good until it is too old, whatever happens.
   */
  readonly follow?: boolean
}

/** Options that have been looked at, with their defaults. */
export type CheckedCacheOptions = Required<CacheOptions>

const mostAgeMs = 60_000
const mostAnswers = 1_000_000
// The server tells four times a second how far it is.
const leastFollowedMs = 500

/** @throws {Misconfigured} naming the option that is wrong. */
export function checkCacheOptions(options: CacheOptions): CheckedCacheOptions {
  const { maxAgeMs = 1_000, max = 10_000, follow = false } = options
  const leastAgeMs = follow ? leastFollowedMs : 1
  if (!Number.isInteger(maxAgeMs) || maxAgeMs < leastAgeMs || maxAgeMs > mostAgeMs)
    throw new Misconfigured(`\`cache.maxAgeMs\` must be a whole number from ${leastAgeMs} to 60 000`)
  if (!Number.isInteger(max) || max < 1 || max > mostAnswers)
    throw new Misconfigured('`cache.max` must be a whole number from 1 to 1 000 000')
  return { maxAgeMs, max, follow }
}
