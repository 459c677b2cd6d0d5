/** Do pieces of work side by side, so many at once. */
export async function inParallel(most: number, work: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...work]
  const runNext = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next()
  }
  await Promise.all(Array.from({ length: Math.min(most, work.length) }, runNext))
}
