/**
 * Do pieces of work side by side, so many at once. When one fails nothing more is begun, and what is under way is waited
 * for: whoever is told of the failure may begin anew, and would do the same things twice at the same time.
 */
export async function inParallel(most: number, work: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...work]
  const runNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        await next()
      } catch (error) {
        waiting.length = 0
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(most, work.length) }, runNext))
  const failed = ended.find((each) => each.status === 'rejected')
  if (failed !== undefined) throw failed.reason
}
