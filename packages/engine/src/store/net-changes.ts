import { type EntityKind, type ShardId, shown } from '@bailiwick/core'

/** What deciding about a change takes: which entity, and whether it comes or goes. */
export interface Step {
  readonly op: 'put' | 'remove'
  readonly kind: EntityKind
  readonly id: string
}

/** What the drafts of one append come to, or why none of them may be stored. */
export type NetChanges<Change extends Step> =
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
export function netChanges<Change extends Step>(
  shard: ShardId,
  drafts: readonly { readonly changes: readonly Change[] }[],
  homeOf: (kind: EntityKind, id: string) => ShardId | undefined,
): NetChanges<Change> {
  const net = new Map<EntityKind, Map<string, Change>>()
  for (const [draft, { changes }] of drafts.entries()) {
    for (const change of changes) {
      const { op, kind, id } = change
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
