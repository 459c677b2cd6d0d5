import type { Revision } from '@bailiwick/core'
import type { AppendResult } from '../store/store.js'

/** The functions that append yield where the shard is, when that is not where it was expected. */
export function resultOf(row: readonly [string | null] | undefined, reached: Revision): AppendResult {
  const elsewhere = row?.[0] ?? null
  return elsewhere === null
    ? { kind: 'appended', revision: reached }
    : { kind: 'conflict', revision: Number(elsewhere) }
}
