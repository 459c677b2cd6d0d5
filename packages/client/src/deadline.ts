import { DecisionTimeout } from '@bailiwick/core'

/**
 * Settle as `work` does, or reject when it takes longer.
 *
 * @throws {DecisionTimeout} after `deadlineMs`; what `work` yields later is dropped.
 */
export function withDeadline<Value>(work: Promise<Value>, deadlineMs: number): Promise<Value> {
  // One promise and one timer: a race of two promises costs every check as much again.
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DecisionTimeout(deadlineMs)), deadlineMs)
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error: unknown) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
