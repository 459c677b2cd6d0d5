import { environmentShard, type Revision, type ShardId } from '@bailiwick/core'
import { type ChangeRow, changeBegins, changeJson, type DraftRow, encodeOrigin } from '../store/draft-rows.js'
import { hasLookups } from '../store/lookups.js'
import type { AppendResult } from '../store/store.js'
import type { Append } from './append.js'
import type { Database } from './database.js'
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

/**
 * Write one change as it is: an error says when it does not fit, and then nothing is written.
 *
 * The lock is had by a statement before the one that writes, so that this sees what was committed before.
 *
 * @returns nothing where this may not be seen, as under `repeatable read`: then nothing is written either.
 */
export async function appendChange(
  database: Database,
  { shard, expected, draft, change, given }: ChangeAppend,
): Promise<AppendResult | undefined> {
  const { lock, write } = statementsFor(database.schema, change)
  const written = await database.writingInOnePiece([
    { sql: lock, values: [] },
    {
      sql: write,
      values: [
        shard,
        `${expected}`,
        `${given}`,
        change.id,
        changeJson(change),
        draft.at,
        encodeOrigin(draft) ?? null,
      ],
    },
  ])
  if (written === 1) return { kind: 'appended', revision: expected + 1 }
  const [found] = await database.writingOnce((runner) =>
    runner.rows<[string | null, string]>(
      `SELECT (SELECT revision FROM {}.shards WHERE shard = $1), current_setting('transaction_isolation')`,
      shard,
    ),
  )
  const [revision, isolation] = found ?? []
  return isolation === sees ? { kind: 'conflict', revision: Number(revision ?? 0) } : undefined
}

/** The level at which each statement sees what was committed before it began. */
const sees = 'read committed'

/** What is sent for a kind of change. */
interface ChangeStatements {
  readonly lock: string
  readonly write: string
}

const statements = new Map<string, ChangeStatements>()

/**
 * The statements for a kind of change. What is the same in all of them stands in the text: a parameter costs as much as
 * writing and reading it does, on both sides, and these would be almost half of all that is sent.
 */
function statementsFor(schema: string, change: ChangeRow): ChangeStatements {
  const step = change.isMade ? 'make' : change.op
  const key = `${schema} ${step} ${change.kind}`
  const known = statements.get(key)
  if (known !== undefined) return known
  const made = {
    // Within a condition that never holds: there is no row to be sent.
    lock: `SELECT WHERE pg_advisory_xact_lock_shared('${guardOf(schema, environmentShard)}') IS NULL`,
    write: writeOf(step, change),
  }
  statements.set(key, made)
  return made
}

/**
 * One statement for all that is written, which is what a database does in the least time. Nothing is written unless the
 * shard was moved on; and what was given is compared as the shard is.
 */
function writeOf(step: 'make' | 'put' | 'remove', change: ChangeRow): string {
  const { kind } = change
  const put = `INSERT INTO {}.entities (shard, kind, id, entity) SELECT $1, '${kind}', $4, $5 FROM moved`
  const entity = {
    make: put,
    put: `${put} ON CONFLICT (shard, kind, id) DO UPDATE SET entity = excluded.entity`,
    remove: `DELETE FROM {}.entities AS entities USING moved
      WHERE entities.shard = $1 AND kind = '${kind}' AND id = $4 RETURNING id`,
  }[step]
  // Of what is not there nothing can be said, and a commit must say something: that is an error.
  const json = step === 'remove' ? '(SELECT $5::text FROM entity)' : '$5::text'
  return `
    WITH moved AS (
      UPDATE {}.shards SET revision = $2::bigint + 1
      WHERE shard = $1::text AND revision = $2::bigint
        AND EXISTS (SELECT FROM {}.shards WHERE shard = '${environmentShard}' AND revision = $3::bigint)
        AND current_setting('transaction_isolation') = '${sees}'
      RETURNING revision
    ), entity AS (${entity})
    INSERT INTO {}.commits (shard, revision, at, origin, changes)
    SELECT $1, revision, $6, $7, '[${changeBegins(change)}' || ${json} || '}]' FROM moved`
}
