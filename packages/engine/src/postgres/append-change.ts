import { environmentShard, type Revision, type ShardId } from '@bailiwick/core'
import { type ChangeRow, changeBegins, changeJson, type DraftRow, encodeOrigin } from '../store/draft-rows.js'
import { hasLookups } from '../store/lookups.js'
import type { AppendResult } from '../store/store.js'
import type { Append } from './append.js'
import { resultOf } from './append-result.js'
import type { Runner } from './database.js'
import { guardOf } from './guard.js'

/** An append of one change, as most are: such as have a way of their own. */
export interface ChangeAppend {
  readonly shard: ShardId
  readonly expected: Revision
  readonly draft: DraftRow
  readonly change: ChangeRow
  /** The revision of the environment by which it was judged. */
  readonly given: Revision
}

/** The append as one of one change, if it is such an append. */
export function oneChange({ shard, expected, drafts, condition }: Append): ChangeAppend | undefined {
  const given = condition !== undefined && 'given' in condition ? condition.given : undefined
  if (given?.shard !== environmentShard || given.revision === 0 || expected === 0) return undefined
  const [draft] = drafts
  const change = draft?.changes[0]
  if (draft === undefined || change === undefined || drafts.length > 1 || draft.changes.length > 1)
    return undefined
  return hasLookups(change.kind) ? undefined : { shard, expected, draft, change, given: given.revision }
}

/** Write one change as it is: an error says when it does not fit, and then nothing is written. */
export async function appendChange(
  runner: Runner,
  { shard, expected, draft, change, given }: ChangeAppend,
): Promise<AppendResult> {
  const [row] = await runner.keyed<[string | null]>(
    callFor(runner.schema, change),
    shard,
    expected,
    given,
    change.id,
    changeJson(change),
    draft.at,
    encodeOrigin(draft) ?? null,
  )
  return resultOf(row, expected + 1)
}

const calls = new Map<string, string>()

/**
 * The call for a kind of change. What is the same in all of them stands in its text: a parameter costs as much as
 * writing and reading it does, on both sides, and these would be almost half of all that is sent.
 */
function callFor(schema: string, change: ChangeRow): string {
  const step = change.isMade ? 'make' : change.op
  const key = `${schema} ${step} ${change.kind}`
  const known = calls.get(key)
  if (known !== undefined) return known
  const constants = [
    guardOf(schema, environmentShard),
    environmentShard,
    step,
    change.kind,
    `[${changeBegins(change)}`,
  ]
  const call = `SELECT {}.append_change_2($1, $2, $3, $4, $5, $6, $7, '${constants.join("', '")}')`
  calls.set(key, call)
  return call
}
