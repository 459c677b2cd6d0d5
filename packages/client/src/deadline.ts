import { DecisionTimeout } from '@bailiwick/core'

/**
 * Settle as `work` does, or reject when it takes longer.
 *
 * @throws {DecisionTimeout} after `deadlineMs`; what `work` yields later is dropped.
 */
export async function withDeadline<Value>(work: Promise<Value>, deadlineMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DecisionTimeout(deadlineMs)), deadlineMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
