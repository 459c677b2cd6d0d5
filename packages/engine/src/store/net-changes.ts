import { type Change, type EntityKind, type ShardId, shown } from '@bailiwick/core'
import type { CommitDraft } from './store.js'

/** What the drafts of one append come to, or why none of them may be stored. */
export type NetChanges =
  /** The last word on each entity that the drafts touch. */
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
  | { readonly kind: 'taken'; readonly draft: number; readonly entityKind: EntityKind; readonly id: string }

/**
 * Walk the drafts in order, as if each were stored before the next, and keep the outcome. Every store decides
 * this way, before it writes anything.
 *
 * @param homeOf - The shard in which an entity lives now, before the drafts.
 * @throws {Error} for a `remove` of an entity that is not in the shard at that point.
 */
export function netChanges(
  shard: ShardId,
  drafts: readonly CommitDraft[],
  homeOf: (kind: EntityKind, id: string) => ShardId | undefined,
): NetChanges {
  const net = new Map<EntityKind, Map<string, Change>>()
  for (const [draft, { changes }] of drafts.entries()) {
    for (const change of changes) {
      const { kind, op } = change
      const id: string = change.entity.id
      const touched = net.get(kind) ?? new Map<string, Change>()
      net.set(kind, touched)
      const earlier = touched.get(id)
      const home = earlier === undefined ? homeOf(kind, id) : earlier.op === 'put' ? shard : undefined
      if (op === 'remove' && home !== shard) {
        throw new Error(`cannot remove the ${kind} ${shown(id)}: \`${shard}\` does not hold it`)
      }
      if (home !== undefined && home !== shard) return { kind: 'taken', draft, entityKind: kind, id }
      touched.set(id, change)
    }
  }
  return { kind: 'changes', changes: [...net.values()].flatMap((touched) => [...touched.values()]) }
}
