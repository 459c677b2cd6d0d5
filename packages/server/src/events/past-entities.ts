import type { ChangeSource, Commit, EntityByKind, EntityKind, Revision, ShardId } from '@bailiwick/core'

/** No moment: what was there last, though it may be gone. */
export const ever = Number.MAX_SAFE_INTEGER

/** A moment in the life of a shard: just before this revision of it, or `ever`. */
export interface Moment {
  readonly shard: ShardId
  readonly before: Revision
}

/** What entities were: as the log holds them, since a change says what there is after it, and nothing of before. */
export interface Past {
  /**
   * An entity as it was at a moment; `undefined` for what was not there then, and for what has not been looked up yet.
   *
   * @param moment.notBefore - It can have been put at this time at the earliest: no need to look farther back.
   */
  entity<Kind extends EntityKind>(
    kind: Kind,
    id: string,
    moment: Moment & { readonly notBefore?: string | undefined },
  ): EntityByKind[Kind] | undefined
}

type Changes = Pick<ChangeSource, 'commitsSince' | 'revision'>

// What is sought stands close by, most often.
const [firstWindow, longestWindow] = [16, 1_024]

interface Wanted {
  readonly kind: EntityKind
  readonly id: string
  readonly before: Revision
  readonly notBefore: string | undefined
}

/**
 * Entities of the past, found in the commits of their own shard. What is asked for and not there yet is noted; `lookUp`
 * goes back through each shard for all of that at once, and only as far as it must.
 */
export class PastEntities implements Past {
  readonly #changes: Changes
  readonly #found = new Map<string, unknown>()
  #wanted = new Map<ShardId, Map<string, Wanted>>()

  constructor(changes: Changes) {
    this.#changes = changes
  }

  entity<Kind extends EntityKind>(
    kind: Kind,
    id: string,
    { shard, before, notBefore }: Moment & { readonly notBefore?: string | undefined },
  ): EntityByKind[Kind] | undefined {
    const key = keyOf(shard, kind, id, before)
    if (!this.#found.has(key)) {
      const ofShard = this.#wanted.get(shard) ?? new Map<string, Wanted>()
      this.#wanted.set(shard, ofShard.set(key, { kind, id, before, notBefore }))
    }
    return this.#found.get(key) as EntityByKind[Kind] | undefined
  }

  /** @returns whether there was anything to look up. */
  async lookUp(): Promise<boolean> {
    const wanted = this.#wanted
    this.#wanted = new Map()
    await Promise.all([...wanted].map(([shard, ofShard]) => this.#lookBack(shard, ofShard)))
    return wanted.size > 0
  }

  async #lookBack(shard: ShardId, wanted: ReadonlyMap<string, Wanted>): Promise<void> {
    const open = new Open(wanted)
    for (const key of wanted.keys()) this.#found.set(key, undefined)
    let end = Math.min(open.latest, await this.#changes.revision(shard))
    for (let window = firstWindow; end > 0 && !open.isEmpty; window = Math.min(4 * window, longestWindow)) {
      const start = Math.max(0, end - window)
      const commits = await this.#changes.commitsSince(shard, start, end - start)
      for (const commit of commits.toReversed())
        open.take(commit, (key, entity) => this.#found.set(key, entity))
      end = start
    }
  }
}

/** What is looked for in one shard, by its name: a commit may remove a hundred thousand entities. */
class Open {
  readonly latest: Revision
  readonly #byName = new Map<string, Map<string, Wanted>>()
  /** Those that cannot be much older. */
  readonly #young = new Map<string, Wanted>()

  constructor(wanted: ReadonlyMap<string, Wanted>) {
    let latest = 0
    for (const [key, each] of wanted) {
      latest = Math.max(latest, each.before - 1)
      const name = nameOf(each.kind, each.id)
      this.#byName.set(name, (this.#byName.get(name) ?? new Map<string, Wanted>()).set(key, each))
      if (each.notBefore !== undefined) this.#young.set(key, each)
    }
    this.latest = latest
  }

  get isEmpty(): boolean {
    return this.#byName.size === 0
  }

  /** Look through one commit, the later ones having been looked through before. */
  take({ revision, at, changes }: Commit, found: (key: string, entity: unknown) => void): void {
    for (const [key, each] of this.#young)
      if (revision < each.before && at < (each.notBefore ?? '')) this.#close(key, each)
    for (const change of changes.toReversed()) {
      const waiting = this.#byName.get(nameOf(change.kind, idOf(change)))
      for (const [key, each] of waiting ?? []) {
        if (revision >= each.before) continue
        if (change.op === 'put') found(key, change.entity)
        if (change.op === 'put' || each.before !== ever) this.#close(key, each)
      }
    }
  }

  #close(key: string, { kind, id }: Wanted): void {
    const name = nameOf(kind, id)
    const waiting = this.#byName.get(name)
    waiting?.delete(key)
    if (waiting?.size === 0) this.#byName.delete(name)
    this.#young.delete(key)
  }
}

function idOf(change: Commit['changes'][number]): string {
  return change.op === 'put' ? change.entity.id : change.id
}

/** Kinds have no spaces. */
function nameOf(kind: EntityKind, id: string): string {
  return `${kind} ${id}`
}

/** A user's shard is called as the application pleases. */
function keyOf(shard: ShardId, kind: EntityKind, id: string, before: Revision): string {
  return `${before} ${nameOf(kind, JSON.stringify([shard, id]))}`
}
