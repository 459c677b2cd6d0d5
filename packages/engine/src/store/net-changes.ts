import { type EntityKind, type ShardId, shown } from '@bailiwick/core'
import { isUnique, type Lookup } from './lookups.js'
import type { AppendResult } from './store.js'

/** What deciding about a change takes: which entity, and whether it comes or goes. */
export interface Step {
  readonly op: 'put' | 'remove'
  readonly kind: EntityKind
  readonly id: string
  /** By what an entity that is put is found. */
  readonly lookups?: readonly Lookup[]
}

/** What a store knows of now, before the drafts. */
export interface StoredNow {
  /** The shard in which an entity lives. */
  readonly homeOf: (kind: EntityKind, id: string) => ShardId | undefined
  /** The id of the entity that has the value of a unique look-up. */
  readonly holderOf: (lookup: Lookup) => string | undefined
}

/** What the drafts of one append come to, or why none of them may be stored. */
export type NetChanges<Change extends Step> =
  /** The last word on each entity that the drafts touch, and how many more the shard then holds. */
  | { readonly kind: 'changes'; readonly changes: readonly Change[]; readonly growth: number }
  | Extract<AppendResult, { readonly kind: 'taken' }>
  /** A `remove` of what the shard does not hold at that point: a bug of the caller. */
  | { readonly kind: 'bug'; readonly error: Error }

/**
 * Walk the drafts in order, as if each were stored before the next, and keep the outcome. Every store decides
 * this way, before it writes anything.
 */
export function netChanges<Change extends Step>(
  shard: ShardId,
  drafts: readonly { readonly changes: readonly Change[] }[],
  { homeOf, holderOf }: StoredNow,
): NetChanges<Change> {
  const only = onlyChange(drafts)
  if (only !== undefined) return netOfOne(shard, only, homeOf(only.kind, only.id))
  const net = new Map<EntityKind, Map<string, Change>>()
  const claims = new Claims(net, holderOf)
  let replaced = 0
  for (const [draft, { changes }] of drafts.entries()) {
    for (const change of changes) {
      const { kind, id } = change
      const touched = net.get(kind) ?? new Map<string, Change>()
      net.set(kind, touched)
      const earlier = touched.get(id)
      const home = earlier === undefined ? homeOf(kind, id) : earlier.op === 'put' ? shard : undefined
      const refusal = elsewhere(shard, change, home, draft)
      if (refusal !== undefined) return refusal
      if (earlier === undefined && home === shard) replaced++
      touched.set(id, change)
      const lookup = claims.firstTaken(change)
      if (lookup !== undefined) return { kind: 'taken', draft, entityKind: kind, id, lookup }
    }
  }
  const changes = [...net.values()].flatMap((touched) => [...touched.values()])
  const left = changes.filter(({ op }) => op === 'put').length
  return { kind: 'changes', changes, growth: left - replaced }
}

/** The only change of all drafts, where it claims no unique value: most appends are of one, and nothing precedes it. */
function onlyChange<Change extends Step>(
  drafts: readonly { readonly changes: readonly Change[] }[],
): Change | undefined {
  const changes = drafts.length === 1 ? drafts[0]?.changes : undefined
  const only = changes?.length === 1 ? changes[0] : undefined
  return only?.lookups?.some(({ name }) => isUnique(name)) === true ? undefined : only
}

function netOfOne<Change extends Step>(
  shard: ShardId,
  change: Change,
  home: ShardId | undefined,
): NetChanges<Change> {
  const refusal = elsewhere(shard, change, home, 0)
  if (refusal !== undefined) return refusal
  const left = change.op === 'put' ? 1 : 0
  return { kind: 'changes', changes: [change], growth: left - (home === undefined ? 0 : 1) }
}

/** Why a change cannot be, of an entity that does not live in the shard. */
function elsewhere(shard: ShardId, { op, kind, id }: Step, home: ShardId | undefined, draft: number) {
  if (home === shard) return undefined
  if (op === 'remove') {
    const error = new Error(`cannot remove ${kind} ${shown(id)}: \`${shard}\` does not hold it`)
    return { kind: 'bug', error } as const
  }
  return home === undefined ? undefined : ({ kind: 'taken', draft, entityKind: kind, id } as const)
}

/** The unique values that the drafts claim, each for the last entity that did. */
class Claims {
  readonly #claimed = new Map<Lookup['name'], Map<string, string>>()

  constructor(
    private readonly net: ReadonlyMap<EntityKind, ReadonlyMap<string, Step>>,
    private readonly holderOf: StoredNow['holderOf'],
  ) {}

  /** Claim the unique values of a change that is in `net` already; the first one that another entity has. */
  firstTaken({ kind, id, lookups = [] }: Step): Lookup | undefined {
    for (const lookup of lookups) {
      if (!isUnique(lookup.name)) continue
      const { name, value } = lookup
      const claimed = this.#claimed.get(name) ?? new Map<string, string>()
      const holders = [claimed.get(value), this.holderOf(lookup)]
      if (holders.some((holder) => holder !== undefined && holder !== id && this.#has(kind, holder, lookup)))
        return lookup
      this.#claimed.set(name, claimed.set(value, id))
    }
    return undefined
  }

  /** Whether an entity that had a value has it still, for all that the drafts did to it. */
  #has(kind: EntityKind, id: string, { name, value }: Lookup): boolean {
    const last = this.net.get(kind)?.get(id)
    if (last === undefined) return true
    return last.lookups?.some((lookup) => lookup.name === name && lookup.value === value) === true
  }
}
