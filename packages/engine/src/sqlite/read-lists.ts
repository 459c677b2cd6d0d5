import type { EntityKind, ShardId } from '@bailiwick/core'
import { type KindOfLookup, type LookupName, lookupKinds, lookupValue } from '../store/lookups.js'
import { type IdRange, pageOf, type StorePage } from '../store/range.js'
import type { Located } from '../store/store.js'
import type { StoredState } from './append-drafts.js'
import type { Pending, PendingEntity } from './pending.js'
import { readEntity } from './read-entity.js'
import { decodeFound, decodeLocated, type FoundRow, type LocatedRow } from './rows.js'
import { readRange } from './statements.js'

/** An entity by its id. */
export function findEntity<Kind extends EntityKind>(
  { statements, pending }: StoredState,
  kind: Kind,
  id: string,
): Located<Kind> | undefined {
  const change = pending.entity(kind, id)
  if (change !== undefined) return change.op === 'put' ? locatedOf(kind, change) : undefined
  const row = statements.find.get(kind, id) as LocatedRow | undefined
  return row === undefined ? undefined : decodeLocated(kind, row)
}

/** A page of the entities of a kind, of one shard or over all. */
export function scanEntities<Kind extends EntityKind>(
  { statements, pending }: StoredState,
  kind: Kind,
  { shard, ...page }: StorePage & { readonly shard?: ShardId },
): readonly Located<Kind>[] {
  const fits = (change: PendingEntity) => shard === undefined || change.shard === shard
  return pageOf(page, (wanted) =>
    merged(pending, kind, wanted, fits, (range) => {
      const rows =
        shard === undefined
          ? readRange(statements.scan, range, kind)
          : readRange(statements.scanShard, range, shard, kind)
      return (rows as LocatedRow[]).map((row) => decodeLocated(kind, row))
    }),
  )
}

/** A page of what is found by a value. */
export function lookUpEntities<Name extends LookupName>(
  { statements, pending }: StoredState,
  name: Name,
  value: string,
  page: StorePage,
): readonly Located<KindOfLookup<Name>>[] {
  const sought = lookupValue(name, value)
  const fits = ({ lookups }: PendingEntity) =>
    lookups.some((lookup) => lookup.name === name && lookup.value === sought)
  const kind: KindOfLookup<Name> = lookupKinds[name]
  return pageOf(page, (wanted) =>
    merged(pending, kind, wanted, fits, (range) =>
      (readRange(statements.lookup, range, name, sought) as FoundRow[]).map((row) =>
        decodeFound(name, sought, row),
      ),
    ),
  )
}

/** What the tables have in a range, save what the log says otherwise. */
function merged<Kind extends EntityKind>(
  pending: Pending,
  kind: Kind,
  range: IdRange,
  fits: (change: PendingEntity) => boolean,
  read: (range: IdRange) => readonly Located<Kind>[],
): readonly Located<Kind>[] {
  const changes = [...pending.entitiesOf(kind)]
  if (changes.length === 0) return read(range)
  // Each change takes one at most from what the tables have.
  const stored = read({ ...range, limit: range.limit + changes.length })
  const kept = stored.filter(({ entity }) => pending.entity(kind, entity.id) === undefined)
  const added = changes.filter((change) => change.op === 'put' && lies(change.id, range) && fits(change))
  const all = [...kept, ...added.map((change) => locatedOf(kind, change))]
  const sign = range.descending ? -1 : 1
  return all.sort((one, other) => (one.entity.id < other.entity.id ? -sign : sign)).slice(0, range.limit)
}

function lies(id: string, { above, below }: IdRange): boolean {
  return (above === undefined || id > above) && (below === undefined || id < below)
}

function locatedOf<Kind extends EntityKind>(kind: Kind, { shard, json }: PendingEntity): Located<Kind> {
  return { shard, entity: readEntity(kind, shard, json) }
}
