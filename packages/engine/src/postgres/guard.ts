import { createHash } from 'node:crypto'
import type { ShardId } from '@bailiwick/core'

/**
 * The number of the lock by which the appends that are given a shard, and those that change it, keep apart: the first
 * hold it together, the others alone. Two stores in one database have other numbers. Should two be the same after all,
 * somebody waits who need not.
 *
 * Such a lock is fair. A lock on the row is not: those who share it never let the one in who wants it alone.
 */
export function guardOf(schema: string, shard: ShardId): string {
  if (latest?.schema === schema && latest.shard === shard) return latest.guard
  const guard = createHash('sha256').update(`${schema} ${shard}`).digest().readBigInt64BE().toString()
  latest = { schema, shard, guard }
  return guard
}

/** Most often it is that of the environment, again and again. */
let latest: { readonly schema: string; readonly shard: ShardId; readonly guard: string } | undefined
