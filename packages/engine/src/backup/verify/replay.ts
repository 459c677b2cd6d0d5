import type { AnyEntity, Commit, EntityKind, Revision, ShardId } from '@bailiwick/core'
import type { Store } from '../../store/store.js'

/** A shard as its commits leave it. */
export class ReplayedShard {
  readonly #entities = new Map<EntityKind, Map<string, AnyEntity>>()
  #revision: Revision = 0

  get revision(): Revision {
    return this.#revision
  }

  /** @returns what is wrong with it, if it does not follow the commit before it. */
  add({ shard, revision, changes }: Commit): string | undefined {
    const before = this.#revision
    this.#revision = revision
    for (const change of changes) {
      const ofKind = this.#entities.get(change.kind) ?? new Map<string, AnyEntity>()
      this.#entities.set(change.kind, ofKind)
      if (change.op === 'remove') ofKind.delete(change.id)
      else {
        // The kind belongs to the entity, which their types apart cannot say.
        ofKind.set(change.entity.id, { kind: change.kind, entity: change.entity } as AnyEntity)
      }
    }
    return revision === before + 1
      ? undefined
      : `commit ${revision} of \`${shard}\` follows commit ${before} of it in the log`
  }

  get(kind: EntityKind, id: string): AnyEntity | undefined {
    return this.#entities.get(kind)?.get(id)
  }

  *entities(): Iterable<AnyEntity> {
    for (const ofKind of this.#entities.values()) yield* ofKind.values()
  }

  /** What it has of one kind. */
  count(kind: EntityKind): number {
    return this.#entities.get(kind)?.size ?? 0
  }
}

/** Which shards: one of so many parts of them. */
export interface Part {
  readonly index: number
  readonly of: number
}

/** What reading a log found. */
export interface ReplayedLog {
  readonly shards: ReadonlyMap<ShardId, ReplayedShard>
  readonly faults: readonly string[]
}

/** Replay the log up to a position, for the shards of one part. */
export async function replayLog(
  store: Pick<Store, 'log'>,
  upTo: number,
  part: Part,
  onRead: (position: number) => void,
): Promise<ReplayedLog> {
  const shards = new Map<ShardId, ReplayedShard>()
  const faults: string[] = []
  for (let reached = 0; reached < upTo; ) {
    const page = await store.log({ after: reached, limit: Math.min(entriesPerPage, upTo - reached) })
    if (page.length === 0) {
      faults.push(`the log ends at position ${reached}, and should reach ${upTo}`)
      break
    }
    for (const { position, commit } of page) {
      if (position !== reached + 1) faults.push(`the log lacks what is before position ${position}`)
      reached = position
      if (!isIn(commit.shard, part)) continue
      const shard = shards.get(commit.shard) ?? new ReplayedShard()
      shards.set(commit.shard, shard)
      const fault = shard.add(commit)
      if (fault !== undefined) faults.push(fault)
    }
    onRead(reached)
  }
  return { shards, faults }
}

/** Whether a shard is in a part: always in the same one, whenever it is asked. */
export function isIn(shard: ShardId, { index, of }: Part): boolean {
  if (of === 1) return true
  let sum = 0
  for (let at = 0; at < shard.length; at++) sum = (Math.imul(sum, 31) + shard.charCodeAt(at)) >>> 0
  return sum % of === index
}

const entriesPerPage = 1_000
