import { type EntityKind, type ShardId, shown } from '@bailiwick/core'

/** What deciding about a change takes: which entity, and whether it comes or goes. */
export interface Step {
  readonly op: 'put' | 'remove'
  readonly kind: EntityKind
  readonly id: string
}

/** What the drafts of one append come to, or why none of them may be stored. */
export type NetChanges<Change extends Step> =
  /** The last word on each entity that the drafts touch, and how many more the shard then holds. */
  | { readonly kind: 'changes'; readonly changes: readonly Change[]; readonly growth: number }
  | { readonly kind: 'taken'; readonly draft: number; readonly entityKind: EntityKind; readonly id: string }
  /** A `remove` of what the shard does not hold at that point: a bug of the caller. */
  | { readonly kind: 'bug'; readonly error: Error }

/**
 * Walk the drafts in order, as if each were stored before the next, and keep the outcome. Every store decides
 * this way, before it writes anything.
 *
 * @param homeOf - The shard in which an entity lives now, before the drafts.
 */
export function netChanges<Change extends Step>(
  shard: ShardId,
  drafts: readonly { readonly changes: readonly Change[] }[],
  homeOf: (kind: EntityKind, id: string) => ShardId | undefined,
): NetChanges<Change> {
  const net = new Map<EntityKind, Map<string, Change>>()
  let replaced = 0
  for (const [draft, { changes }] of drafts.entries()) {
    for (const change of changes) {
      const { op, kind, id } = change
      const touched = net.get(kind) ?? new Map<string, Change>()
      net.set(kind, touched)
      const earlier = touched.get(id)
      const home = earlier === undefined ? homeOf(kind, id) : earlier.op === 'put' ? shard : undefined
      if (op === 'remove' && home !== shard) {
        return {
          kind: 'bug',
          error: new Error(`cannot remove ${kind} ${shown(id)}: \`${shard}\` does not hold it`),
        }
      }
      if (home !== undefined && home !== shard) return { kind: 'taken', draft, entityKind: kind, id }
      if (earlier === undefined && home === shard) replaced++
      touched.set(id, change)
    }
  }
  const changes = [...net.values()].flatMap((touched) => [...touched.values()])
  const left = changes.filter(({ op }) => op === 'put').length
  return { kind: 'changes', changes, growth: left - replaced }
}
