import {
  type AnyEntity,
  type Commit,
  type EntityKind,
  type LogEntry,
  type LogLink,
  type Notebook,
  type Revision,
  type ShardId,
  StoreUnavailable,
} from '@bailiwick/core'
import { type DraftRow, draftRow } from '../store/draft-rows.js'
import { entityKinds } from '../store/entity-kinds.js'
import type { KindOfLookup, LookupName } from '../store/lookups.js'
import type { StorePage } from '../store/range.js'
import type {
  AppendCondition,
  AppendResult,
  CommitDraft,
  EntitySource,
  LateAppend,
  LoadedShard,
  Located,
  LogPage,
  Store,
  TakePage,
} from '../store/store.js'
import { Watchers } from '../store/watchers.js'
import type { Append } from './append.js'
import { appendDrafts } from './append-drafts.js'
import { AtMost } from './at-most.js'
import { CommitLog } from './commit-log.js'
import { type CommitRow, commitColumns, commitOf } from './commit-rows.js'
import type { Database, Runner } from './database.js'
import { Follower } from './follower.js'
import type { Hints } from './hints.js'
import { PostgresNotebook } from './postgres-notebook.js'
import { findEntity, lookUpEntities, scanEntities } from './read-entities.js'
import { readShard } from './read-shard.js'
import { Revisions } from './revisions.js'
import { Turns } from './turns.js'

/** A store over tables that are there. Others may have it open too. */
export class PostgresStore implements Store {
  readonly access = 'shared'
  readonly #watchers = new Watchers()
  readonly #revisions: Revisions
  readonly #log: CommitLog
  /** Appends of one shard go one after the other: side by side they would only wait for its lock. */
  readonly #appends = new Turns()
  /** While somebody changes what they rest on, appends wait on their connections: reads must find one all the same. */
  readonly #writers: AtMost
  readonly #follower: Follower

  constructor(
    private readonly database: Database,
    private readonly hints: Hints,
    readonly id: string,
  ) {
    this.#writers = new AtMost(Math.max(1, database.maxConnections - 2))
    this.#revisions = new Revisions(database)
    this.#log = new CommitLog(database)
    this.#follower = new Follower({
      database,
      log: this.#log,
      watchers: this.#watchers,
      clock: () => performance.now(),
    })
  }

  async load(shard: ShardId): Promise<LoadedShard | undefined> {
    let entities: AnyEntity[] = []
    const revision = await this.loadInPages(shard, entityKinds, () => {
      entities = []
      return (page) => {
        for (const each of page) entities.push(each)
      }
    })
    return revision === 0 ? undefined : { revision, entities }
  }

  async loadInPages(shard: ShardId, kinds: readonly EntityKind[], begin: () => TakePage): Promise<Revision> {
    const read = async () => ({
      revision: await this.database.reading((runner) => readShard(runner, shard, kinds, begin())),
    })
    return (await this.#followed(shard, read)).revision
  }

  async revision(shard: ShardId): Promise<Revision> {
    this.database.mustBeOpen()
    const read = async () => ({ revision: await this.#revisions.get(shard) })
    return (await this.#followed(shard, read)).revision
  }

  known(shard: ShardId): Revision | undefined {
    this.#follow()
    return this.#follower.known(shard)
  }

  async commitsSince(shard: ShardId, revision: Revision, limit?: number): Promise<readonly Commit[]> {
    const since = Math.max(revision, 0)
    const rows = await this.database.keyed<CommitRow>(
      `SELECT ${commitColumns} FROM {}.commits WHERE shard = $1 AND revision > $2 ORDER BY revision LIMIT $3`,
      shard,
      since,
      limit ?? Number.MAX_SAFE_INTEGER,
    )
    return rows.map((row, n) => {
      const commit = commitOf(row)
      if (commit.revision !== since + n + 1)
        throw new StoreUnavailable(`commit ${since + n + 1} of \`${shard}\` is missing`)
      return commit
    })
  }

  async append(
    shard: ShardId,
    expected: Revision,
    drafts: readonly [CommitDraft, ...CommitDraft[]],
    condition?: AppendCondition,
  ): Promise<AppendResult> {
    this.database.mustBeOpen()
    const rows = rowsOf(drafts)
    return this.#inTurn(shard, () => this.#store({ shard, expected, drafts: rows, condition }))
  }

  appendLate(shard: ShardId, late: LateAppend): void {
    this.#appendLate(shard, late).then((result) => result && late.done(result), late.failed)
  }

  watch(listener: (shard: ShardId, revision: Revision) => void): () => void {
    this.database.mustBeOpen()
    this.#follow()
    return this.#watchers.add(listener)
  }

  async find<Kind extends EntityKind>(kind: Kind, id: string): Promise<Located<Kind> | undefined> {
    return findEntity(this.database, kind, id)
  }

  async scan<Kind extends EntityKind>(
    kind: Kind,
    page: StorePage & { readonly shard?: ShardId },
  ): Promise<readonly Located<Kind>[]> {
    return scanEntities(this.database, kind, page)
  }

  async lookup<Name extends LookupName>(
    name: Name,
    value: string,
    page: StorePage,
  ): Promise<readonly Located<KindOfLookup<Name>>[]> {
    return lookUpEntities(this.database, name, value, page)
  }

  log(page: LogPage): Promise<readonly LogEntry[]> {
    return this.#log.read(page)
  }

  links(page: LogPage): Promise<readonly LogLink[]> {
    return this.#log.links(page)
  }

  lastPosition(): Promise<number> {
    return this.#log.last()
  }

  positionOf(shard: ShardId, revision: Revision): Promise<number | undefined> {
    return this.#log.positionOf(shard, revision)
  }

  notebook(clock: () => number): Notebook {
    this.database.mustBeOpen()
    return new PostgresNotebook(this.database, clock)
  }

  async close(): Promise<void> {
    this.#follower.stop()
    await this.hints.stop()
    await this.database.close(() => this.#appends.over())
    this.#watchers.clear()
  }

  async #appendLate(shard: ShardId, late: LateAppend): Promise<AppendResult | undefined> {
    this.database.mustBeOpen()
    return this.#inTurn(shard, async () => {
      await othersAreBack()
      const appending = late.make('later')
      if (appending === undefined) return undefined
      const { expected, drafts, given } = appending
      return this.#store({ shard, expected, drafts: rowsOf(drafts), condition: { given } })
    })
  }

  /** One append of a shard after the other, and not so many at once that nothing can be read. */
  #inTurn<Value>(shard: ShardId, work: () => Promise<Value>): Promise<Value> {
    return this.#appends.run(shard, () => this.#writers.run(work))
  }

  async #store(append: Append): Promise<AppendResult> {
    const { shard, expected } = append
    const isFollowed = this.#follower.isFollowing
    const outcome = await appendDrafts(this.database, append, entitiesOn)
    if (outcome.kind === 'bug') throw outcome.error
    if (outcome.kind === 'appended') {
      this.#follower.appended(shard, expected, outcome.revision, { isFollowed })
      this.hints.tell()
    }
    return outcome
  }

  /** Hear of what others commit, from now on. */
  #follow(): void {
    this.hints.start(() => this.#follower.hint())
    this.#follower.start()
  }

  /** What is read of a shard while it is followed stays known. */
  async #followed<Read extends { readonly revision: Revision }>(
    shard: ShardId,
    read: () => Promise<Read>,
  ): Promise<Read> {
    const { isFollowing } = this.#follower
    const found = await read()
    // Anybody can ask for what does not exist: it would take the places of those that do.
    if (isFollowing && found.revision > 0) this.#follower.reached(shard, found.revision)
    return found
  }
}

function rowsOf(drafts: readonly CommitDraft[]): readonly DraftRow[] {
  return drafts.map((draft) => draftRow(draft, (_, entity) => JSON.stringify(entity)))
}

/**
 * When all have run who were answered together. A tick comes after every microtask, so that writers who were stored
 * together, and write again, are stored together again: without it the first one back went alone, and the others waited
 * for its flush.
 */
function othersAreBack(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

/** Entities as one transaction sees them. */
function entitiesOn(runner: Runner): EntitySource {
  return {
    find: (kind, id) => findEntity(runner, kind, id),
    scan: (kind, page) => scanEntities(runner, kind, page),
  }
}
