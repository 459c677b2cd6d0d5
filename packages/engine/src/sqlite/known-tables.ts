import type { EntityKind, ShardId } from '@bailiwick/core'
import { LRUCache } from 'lru-cache'
import type { Head, Pending } from './pending.js'
import type { Statements } from './statements.js'

/**
 * What the tables say, remembered where it is asked at every write: nobody else can write them. A query costs little
 * by itself, and several times that after the wait for a disk.
 */
export class KnownTables {
  readonly #heads = new LRUCache<ShardId, Head>({ max: 4_096 })
  /** The greatest id of each kind; `undefined` where ids are not ordered here as they are there. */
  readonly #greatest = new Map<EntityKind, string | undefined>()

  constructor(private readonly statements: Statements) {}

  /** Where a shard stands; at the beginning when it was never written. */
  head(shard: ShardId): Head {
    const known = this.#heads.get(shard)
    if (known !== undefined) return known
    const [revision, entities] = (this.statements.shard.get(shard) as [number, number] | undefined) ?? [0, 0]
    const head = { revision, entities }
    this.#heads.set(shard, head)
    return head
  }

  /** The shard in which an entity lives. Most are new, with an id that is greater than any: those live nowhere. */
  home(kind: EntityKind, id: string): ShardId | undefined {
    const greatest = this.#greatestOf(kind)
    if (greatest !== undefined && id > greatest) return undefined
    return textOf(this.statements.home.get(kind, id)) as ShardId | undefined
  }

  /** The id of the entity that has a unique value. */
  holder(name: string, value: string): string | undefined {
    return textOf(this.statements.holder.get(name, value))
  }

  /** What is pending up to a position stands in the tables now. */
  learn(pending: Pending, upTo: number): void {
    // Of what was changed again since, the tables have something in between.
    for (const [shard, head] of pending.heads)
      if (head.position <= upTo) this.#heads.set(shard, head)
      else this.#heads.delete(shard)
    for (const { kind, id } of pending.entities()) {
      const greatest = this.#greatest.get(kind)
      if (greatest !== undefined && id > greatest) this.#greatest.set(kind, ordered(id))
    }
  }

  /** Nothing is certain any more. */
  forget(): void {
    this.#heads.clear()
    this.#greatest.clear()
  }

  #greatestOf(kind: EntityKind): string | undefined {
    if (!this.#greatest.has(kind))
      this.#greatest.set(kind, ordered(textOf(this.statements.greatestId.get(kind)) ?? ''))
    return this.#greatest.get(kind)
  }
}

/** SQLite orders by bytes and JavaScript by UTF-16 units: below a text in ASCII it is the same. */
function ordered(id: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  return /^[\x00-\x7f]*$/.test(id) ? id : undefined
}

function textOf(row: unknown): string | undefined {
  return (row as [Buffer | null] | undefined)?.[0]?.toString()
}
