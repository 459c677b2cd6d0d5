import type { EntityByKind, EntityKind, Origin, Revision, ShardId } from '@bailiwick/core'
import { jsonText } from './json-text.js'
import { type Lookup, lookupsOf } from './lookups.js'
import type { Step } from './net-changes.js'
import type { CommitDraft } from './store.js'

/** A change as it is stored: read when the append begins, so that the caller cannot change it afterwards. */
export interface ChangeRow extends Step {
  /** The entity that is put; empty for a removal. */
  readonly json: string
  readonly lookups: readonly Lookup[]
  /** Whether it was made for this draft, and so most likely is not stored yet. */
  readonly isMade?: boolean
}

/** A draft as it is stored. */
export interface DraftRow {
  readonly at: string
  readonly changes: readonly ChangeRow[]
  readonly origin: Origin | undefined
}

/**
 * Write a draft down.
 *
 * @param write - The JSON under which a store keeps an entity.
 */
export function draftRow(
  { at, changes, origin }: CommitDraft,
  write: <Kind extends EntityKind>(kind: Kind, entity: EntityByKind[Kind]) => string,
): DraftRow {
  return {
    at,
    origin,
    changes: changes.map((change) =>
      change.op === 'put'
        ? {
            op: 'put',
            kind: change.kind,
            id: change.entity.id,
            json: write(change.kind, change.entity),
            lookups: lookupsOf(change),
            isMade: 'createdAt' in change.entity && change.entity.createdAt === at,
          }
        : { op: 'remove', kind: change.kind, id: change.id, json: '', lookups: [] },
    ),
  }
}

/** A commit as it is stored, put together from parts that are JSON already. */
export function encodeCommit(commit: {
  readonly shard: ShardId
  readonly revision: Revision
  readonly at: string
  readonly origin: string | undefined
  readonly changes: string
}): string {
  const { shard, revision, at, origin, changes } = commit
  const from = origin === undefined ? '' : `,"origin":${origin}`
  return `{"shard":${jsonText(shard)},"revision":${revision},"at":${jsonText(at)}${from},"changes":${changes}}`
}

/** The origin of a draft, as it is stored. */
export function encodeOrigin({ origin }: DraftRow): string | undefined {
  return origin === undefined ? undefined : JSON.stringify(origin)
}

/** The `changes` of a commit, put together from entities that are JSON already. */
export function encodeChanges(changes: readonly ChangeRow[]): string {
  let steps = ''
  for (const change of changes)
    steps += `${steps === '' ? '' : ','}${changeBegins(change)}${changeJson(change)}}`
  return `[${steps}]`
}

/** How a change begins in the `changes` of a commit, before its JSON: for each kind of entity there are two ways. */
export function changeBegins({ op, kind }: Pick<ChangeRow, 'op' | 'kind'>): string {
  return `{"op":"${op}","kind":"${kind}","${op === 'put' ? 'entity' : 'id'}":`
}

/** What a change says besides: the entity that is put, or the id of what is removed. */
export function changeJson({ op, id, json }: ChangeRow): string {
  return op === 'put' ? json : jsonText(id)
}
