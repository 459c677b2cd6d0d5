import {
  type Commit,
  environmentShard,
  RemoteUnavailable,
  type Revision,
  type ShardId,
  StoreUnavailable,
} from '@bailiwick/core'
import type { LoadedShard, Store } from '@bailiwick/engine'
import { RecentCommits } from './recent-commits.js'
import type { Source } from './source.js'

const mostFollowed = 100_000
const beyondAll = 999_999_999_999_999

interface Fetching {
  readonly revision: Revision
  readonly wanted: Revision
  readonly limit: number
  readonly commits: Promise<readonly Commit[]>
}

/**
 * The reading half of a store that is elsewhere. Shards come over the wire once, and follow what the feed tells.
 * Whether the feed is new enough to be believed is looked after above.
 */
export class RemoteStore implements Store {
  readonly access = 'shared'
  /** The latest revision of each shard that is followed, as far as it has been heard of. */
  readonly #latest = new Map<ShardId, Revision>()
  readonly #recent = new RecentCommits()
  /** What is being read of a shard: many ask for the same at once when something was written. */
  readonly #fetching = new Map<ShardId, Fetching>()

  constructor(
    readonly id: string,
    private readonly source: Pick<Source, 'load' | 'commitsSince'>,
  ) {}

  /** The feed tells of a commit. */
  hear(commit: Commit): void {
    if (!this.#latest.has(commit.shard)) return
    this.#recent.add(commit)
    this.expect(commit.shard, commit.revision)
  }

  /** A shard is known to have come this far, whether the feed has told so or not: nothing older is given out. */
  expect(shard: ShardId, revision: Revision): void {
    const latest = this.#latest.get(shard)
    if (latest !== undefined && latest < revision) this.#latest.set(shard, revision)
  }

  known(shard: ShardId): Revision | undefined {
    return this.#latest.get(shard)
  }

  async load(shard: ShardId): Promise<LoadedShard | undefined> {
    const { store, revision, environment, entities } = await this.#following(shard, () =>
      this.source.load(shard),
    )
    this.#mustBeOurs(store)
    this.#reached(shard, revision, environment)
    return revision === 0 ? undefined : { revision, entities }
  }

  async revision(shard: ShardId): Promise<Revision> {
    const known = this.#latest.get(shard)
    if (known !== undefined) return known
    const { store, revision, environment } = await this.#following(shard, () =>
      this.source.commitsSince(shard, beyondAll),
    )
    this.#mustBeOurs(store)
    this.#reached(shard, revision, environment)
    return this.#latest.get(shard) ?? revision
  }

  async commitsSince(
    shard: ShardId,
    revision: Revision,
    limit = Number.POSITIVE_INFINITY,
  ): Promise<readonly Commit[]> {
    const wanted = this.#latest.get(shard) ?? 0
    // Whoever asks has come this far: what others ask for, who are as far or farther, stays.
    this.#recent.forgetUpTo(shard, revision)
    const heard = this.#recent.after(shard, revision)
    if (heard !== undefined && (heard.at(-1)?.revision ?? 0) >= wanted) return heard.slice(0, limit)
    const underWay = this.#fetching.get(shard)
    if (underWay?.revision === revision && underWay.wanted === wanted && underWay.limit === limit)
      return underWay.commits
    const commits = this.#fetch(shard, { revision, wanted, limit }).finally(() => {
      if (this.#fetching.get(shard)?.commits === commits) this.#fetching.delete(shard)
    })
    this.#fetching.set(shard, { revision, wanted, limit, commits })
    return commits
  }

  watch(): () => void {
    return () => {}
  }

  append(): Promise<never> {
    return readsOnly()
  }

  find(): Promise<never> {
    return readsOnly()
  }

  scan(): Promise<never> {
    return readsOnly()
  }

  lookup(): Promise<never> {
    return readsOnly()
  }

  log(): Promise<never> {
    return readsOnly()
  }

  links(): Promise<never> {
    return readsOnly()
  }

  lastPosition(): Promise<never> {
    return readsOnly()
  }

  /** What is noted is no part of what decides: here nothing is. */
  notebook(): ReturnType<Store['notebook']> {
    return {
      access: 'shared',
      read: async () => undefined,
      list: async () => [],
      all: async () => [],
      write: readsOnly,
      insert: readsOnly,
      replace: readsOnly,
      remove: readsOnly,
      sweep: async () => {},
    }
  }

  async close(): Promise<void> {}

  async #fetch(
    shard: ShardId,
    { revision, wanted, limit }: Omit<Fetching, 'commits'>,
  ): Promise<readonly Commit[]> {
    const commits: Commit[] = []
    for (let last = revision, isThere = false; !isThere; ) {
      const told = await this.source.commitsSince(shard, last)
      this.#mustBeOurs(told.store)
      this.#reached(shard, told.revision, told.environment)
      commits.push(...told.commits)
      if (commits.length >= limit) return commits.slice(0, limit)
      const next = told.commits.at(-1)?.revision ?? last
      isThere = next >= told.revision || next === last
      last = next
    }
    const reached = commits.at(-1)?.revision ?? revision
    if (reached >= wanted) return commits
    // Nobody can be made to wait for what never was: a token may be from anywhere.
    this.#latest.set(shard, Math.max(reached, this.#recent.last(shard)))
    throw new StoreUnavailable(`\`${shard}\` is at revision ${reached} there, and ${wanted} was expected`)
  }

  /** From before it is read on, what the feed tells of it counts. */
  async #following<Told>(shard: ShardId, read: () => Promise<Told>): Promise<Told> {
    if (!this.#latest.has(shard)) this.#latest.set(shard, 0)
    for (const oldest of this.#latest.keys()) {
      if (this.#latest.size <= mostFollowed) break
      this.#latest.delete(oldest)
    }
    try {
      return await read()
    } catch (error) {
      // Nothing came: then nothing is known of it.
      if (this.#latest.get(shard) === 0) this.#latest.delete(shard)
      throw error
    }
  }

  #reached(shard: ShardId, revision: Revision, environment: Revision): void {
    this.expect(shard, revision)
    this.expect(environmentShard, environment)
  }

  #mustBeOurs(store: string): void {
    if (store !== this.id)
      throw new RemoteUnavailable('remote_answer_invalid', 'the service has another store than a moment ago')
  }
}

function readsOnly(): Promise<never> {
  return Promise.reject(new StoreUnavailable('a replica reads what decisions need, and nothing else'))
}
