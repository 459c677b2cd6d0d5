import type {
  AnyEntity,
  Change,
  Commit,
  EntityByKind,
  EntityKind,
  LogEntry,
  LogLink,
  Notebook,
  Origin,
  Revision,
  ShardId,
} from '@bailiwick/core'
import type { KindOfLookup, Lookup, LookupName } from './lookups.js'
import type { PackedByKind } from './packed-facts.js'
import type { StorePage } from './range.js'

/** A shard as it stands at one revision. Entities come in no particular order. */
export interface LoadedShard {
  readonly revision: Revision
  readonly entities: Iterable<AnyEntity>
  /** The same for a graph, from a store that reads much of it faster in this form: what is packed, and the others. */
  readonly facts?: { readonly packed: PackedByKind; readonly others: readonly AnyEntity[] }
}

/** Is handed some entities of a shard, which are let go afterwards. */
export type TakePage = (page: readonly AnyEntity[]) => void

/** What one command wants to change; the store gives it its revision. */
export interface CommitDraft {
  /** ISO 8601 with milliseconds and `Z`. */
  readonly at: string
  readonly changes: readonly Change[]
  readonly origin?: Origin
}

export type AppendResult =
  /** Durable. `revision` is that of the last draft. */
  | { readonly kind: 'appended'; readonly revision: Revision }
  /** The shard has moved on to `revision`, or what was `given` has; nothing was stored. */
  | { readonly kind: 'conflict'; readonly revision: Revision }
  /** What the append was to wait for said no; nothing was stored. */
  | { readonly kind: 'refused' }
  /**
   * Another shard holds an entity of this kind under this id; or, where a look-up is named, another entity has that
   * unique value of this one. Nothing was stored.
   */
  | {
      readonly kind: 'taken'
      readonly draft: number
      readonly entityKind: EntityKind
      readonly id: string
      readonly lookup?: Lookup
    }

/** A shard at a revision. */
export interface ShardRevision {
  readonly shard: ShardId
  readonly revision: Revision
}

/** What an append rests on beside its own shard. */
export type AppendCondition =
  /**
   * Another shard, which is itself never appended to in this way, is at this revision; otherwise it is a conflict.
   * However many are given one shard, they do not wait for one another.
   */
  | { readonly given: ShardRevision }
  /**
   * This resolves to `true`. Meanwhile nothing is stored that is `given` this shard: what it reads is all there is
   * until the append is stored, and whatever comes afterwards is given what that left.
   */
  | { readonly when: (reader: EntitySource) => Promise<boolean> }

/** What is appended late. */
export interface Appending {
  readonly expected: Revision
  readonly drafts: readonly [CommitDraft, ...CommitDraft[]]
  readonly given: ShardRevision
}

/** When it is told what an append came to: in one piece with making it, so that nobody reads meanwhile, or later. */
export type Telling = 'in one piece' | 'later'

/** An append that is made when the store is about to write. */
export interface LateAppend {
  /**
   * Called once, and in one piece with the decision about what it returns. `undefined`: there is nothing to store, and
   * nobody is told of it.
   */
  readonly make: (telling: Telling) => Appending | undefined
  /** What was to be told in one piece with making it is told later: others may read from now on. Must not throw. */
  readonly delayed: () => void
  /** What it came to, in the turn in which that is durable. Must not throw. */
  readonly done: (result: AppendResult) => void
  /** It failed, before it was made or after that. Must not throw. */
  readonly failed: (error: unknown) => void
}

/** Entities, in whichever shard they live. */
export type EntitySource = Pick<Store, 'find' | 'scan'>

/** Which part of the log: so many commits after a position. */
export interface LogPage {
  readonly after: number
  readonly limit: number
}

/** An entity and the shard it lives in. */
export interface Located<Kind extends EntityKind> {
  readonly shard: ShardId
  readonly entity: EntityByKind[Kind]
}

/**
 * Where commits become durable. The rules of authorization live above; a store keeps what it is given, whole
 * and in order, and promises three things: an appended commit survives any crash, a shard at revision N holds
 * exactly the entities that its first N commits leave, and no two entities of one kind share an id or a unique
 * look-up.
 *
 * Every method rejects with `StoreUnavailable` when the medium fails, and after `close`.
 */
export interface Store {
  /** Names this store in consistency tokens. Made with the store, kept with its data. */
  readonly id: string

  /** `exclusive`: nobody else can write while it is open, so that what the engine holds is the latest. */
  readonly access: 'exclusive' | 'shared'

  /** The whole shard, or `undefined` when it was never written. */
  load(shard: ShardId): Promise<LoadedShard | undefined>

  /**
   * The same for a shard that is never held as a whole, from a store that can do without: its entities come page by
   * page, of one kind after the other.
   *
   * @param kinds - In this order.
   * @param begin - What takes the pages; asked anew when the reading begins anew. Until this resolves, nothing of what
   *   came is the shard.
   * @returns its revision; 0 when it was never written.
   */
  loadInPages?(shard: ShardId, kinds: readonly EntityKind[], begin: () => TakePage): Promise<Revision>

  /** The latest revision of a shard; 0 when it was never written. */
  revision(shard: ShardId): Promise<Revision>

  /**
   * The latest revision of a shard where it is at hand, at most a second old: for a shared store that hears of every
   * commit by itself, and so can be read without being asked each time. Default: never.
   */
  known?(shard: ShardId): Revision | undefined

  /** The commits after `revision`, oldest first; at most so many, if a limit is given. */
  commitsSince(shard: ShardId, revision: Revision, limit?: number): Promise<readonly Commit[]>

  /**
   * Store the drafts, all or none, as the commits that follow `expected`, and resolve once they are durable.
   * A `remove` of an entity that is not there is a bug of the caller and rejects.
   */
  append(
    shard: ShardId,
    expected: Revision,
    drafts: readonly [CommitDraft, ...CommitDraft[]],
    condition?: AppendCondition,
  ): Promise<AppendResult>

  /**
   * The same for what is made at the last moment: whoever comes until then takes part in it. For a store that writes
   * for many at once. Default: `append`, at once.
   */
  appendLate?(shard: ShardId, late: LateAppend): void

  /**
   * Hear of every revision stored through this object, after it is durable; and a little later of what others store,
   * where the store hears of that by itself. Returns the way to stop.
   */
  watch(listener: (shard: ShardId, revision: Revision) => void): () => void

  /** The entity with this id, in whichever shard it lives. */
  find<Kind extends EntityKind>(kind: Kind, id: string): Promise<Located<Kind> | undefined>

  /** Entities of one kind, of one shard or over all shards, ordered by id (byte order). */
  scan<Kind extends EntityKind>(
    kind: Kind,
    page: StorePage & { readonly shard?: ShardId },
  ): Promise<readonly Located<Kind>[]>

  /** Entities by something other than their id, over all shards, ordered by id. */
  lookup<Name extends LookupName>(
    name: Name,
    value: string,
    page: StorePage,
  ): Promise<readonly Located<KindOfLookup<Name>>[]>

  /**
   * The commits of all shards in one order, after a position; 0 is before the first. Positions grow by one with
   * each commit, and a commit is there when all before it are: whoever reads on from the last one misses none.
   */
  log(page: LogPage): Promise<readonly LogEntry[]>

  /**
   * The rows of the log after a position, at most so many, each with its hash, which is on disk with it. They may stand
   * for several commits each, and are told as they are stored, whatever became of them.
   */
  links(page: LogPage): Promise<readonly LogLink[]>

  /** The position of the latest commit; 0 where there is none. */
  lastPosition(): Promise<number>

  /**
   * Where a commit stands in the log; `undefined` when there is none. A store without this cannot tell what it has of
   * consistency tokens from before a restore, and takes none of them.
   */
  positionOf?(shard: ShardId, revision: Revision): Promise<number | undefined>

  /** @param clock - Milliseconds since 1970: by it notes expire. */
  notebook(clock: () => number): Notebook

  close(): Promise<void>
}

/** What `openEngine` takes: a store that is not open yet. */
export type StoreOpener = () => Promise<Store>
