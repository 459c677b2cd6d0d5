const firstMs = 10_000
const longestMs = 4 * 3_600_000
const mostAttempts = 10

/**
 * How long to wait for the next try: ten seconds, three times as long after each failure, four hours at most; of that
 * between a half and all, so that those who failed together do not come back together.
 *
 * @param attempts - How many have failed.
 * @param random - From 0 to 1.
 * @returns Milliseconds; `undefined` after ten tries, which take eleven hours at most.
 */
export function retryDelay(attempts: number, random: number): number | undefined {
  if (attempts >= mostAttempts) return undefined
  return Math.round(Math.min(firstMs * 3 ** (attempts - 1), longestMs) * (0.5 + random / 2))
}
