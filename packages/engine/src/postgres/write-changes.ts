import { type ChangeRow, encodeChanges, encodeOrigin } from '../store/draft-rows.js'
import { hasLookups } from '../store/lookups.js'
import type { AppendResult } from '../store/store.js'
import type { Append } from './append.js'
import { resultOf } from './append-result.js'
import type { Runner } from './database.js'
import { firstSteps, keyOf } from './first-steps.js'
import { guardOf } from './guard.js'

/** Write what the drafts come to: an error says when it does not fit, and then nothing is written. */
export async function writeChanges(
  runner: Runner,
  { shard, expected, drafts, condition }: Append,
  changes: readonly ChangeRow[],
): Promise<AppendResult> {
  const given = condition !== undefined && 'given' in condition ? condition.given : undefined
  const reached = expected + drafts.length
  const first = firstSteps(drafts)
  const gone = changes.filter(({ op }) => op === 'remove')
  const put = changes.filter(({ op }) => op === 'put')
  const found = changes.filter(({ kind }) => hasLookups(kind))
  const lookups = put.flatMap(({ kind, id, lookups: named }) => named.map((each) => ({ kind, id, ...each })))
  const [row] = await runner.keyed<[string | null]>(
    `SELECT {}.append_commits_1(
       $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22
     )`,
    shard,
    expected,
    reached,
    guardOf(runner.schema, given?.shard ?? shard),
    given?.shard ?? null,
    given?.revision ?? null,
    gone.map(({ kind }) => kind),
    gone.map(({ id }) => id),
    // The others may be none but what the drafts put themselves.
    gone.filter(({ kind, id }) => first.get(keyOf(kind, id)) === 'remove').length,
    put.map(({ kind }) => kind),
    put.map(({ id }) => id),
    put.map(({ json }) => json),
    found.map(({ kind }) => kind),
    found.map(({ id }) => id),
    lookups.map(({ name }) => name),
    lookups.map(({ value }) => value),
    lookups.map(({ id }) => id),
    lookups.map(({ kind }) => kind),
    drafts.map((_, n) => expected + n + 1),
    drafts.map(({ at }) => at),
    drafts.map((draft) => encodeOrigin(draft) ?? null),
    drafts.map(({ changes }) => encodeChanges(changes)),
  )
  return resultOf(row, reached)
}
