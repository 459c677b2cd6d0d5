import type { EntityByKind, EntityKind } from '@bailiwick/core'
import { type Lookup, lookupsOf } from './lookups.js'
import type { Step } from './net-changes.js'
import type { CommitDraft } from './store.js'

/** A change as it is stored: read when the append begins, so that the caller cannot change it afterwards. */
export interface ChangeRow extends Step {
  /** The entity that is put; empty for a removal. */
  readonly json: string
  readonly lookups: readonly Lookup[]
}

/** A draft as it is stored. */
export interface DraftRow {
  readonly at: string
  readonly changes: readonly ChangeRow[]
}

/**
 * Write a draft down.
 *
 * @param write - The JSON under which a store keeps an entity.
 */
export function draftRow(
  { at, changes }: CommitDraft,
  write: <Kind extends EntityKind>(kind: Kind, entity: EntityByKind[Kind]) => string,
): DraftRow {
  return {
    at,
    changes: changes.map((change) =>
      change.op === 'put'
        ? {
            op: 'put',
            kind: change.kind,
            id: change.entity.id,
            json: write(change.kind, change.entity),
            lookups: lookupsOf(change),
          }
        : { op: 'remove', kind: change.kind, id: change.id, json: '', lookups: [] },
    ),
  }
}

/** The `changes` of a commit, put together from entities that are JSON already. */
export function encodeChanges(changes: readonly ChangeRow[]): string {
  const steps = changes.map(({ op, kind, id, json }) =>
    op === 'put'
      ? `{"op":"put","kind":"${kind}","entity":${json}}`
      : `{"op":"remove","kind":"${kind}","id":${JSON.stringify(id)}}`,
  )
  return `[${steps.join(',')}]`
}
