import type { OrganizationId } from '@bailiwick/core'
import type { OrganizationShard } from './organization-shard.js'

const places = 4_096
/** So many places one after the other are looked at. */
const reach = 4

/**
 * Organizations that were asked for lately, by the end of their ids. To find one in a `Map` takes reading all of an id
 * that has just come in, and that is a quarter of a check; here it takes four characters and one comparison of the
 * whole. What is not here is somewhere else: ids that end alike are found no slower than without it.
 */
export class NearShards {
  readonly #shards: (OrganizationShard | undefined)[] = new Array(places + reach).fill(undefined)
  readonly #asked: Uint8Array = new Uint8Array(places + reach)

  /** The organization with this id, if it is here. That it was asked for is remembered: see `takeAsked`. */
  find(id: OrganizationId): OrganizationShard | undefined {
    const first = placeOf(id)
    for (let place = first; place < first + reach; place++) {
      const shard = this.#shards[place]
      if (shard === undefined) return undefined
      if (shard.id !== id) continue
      this.#asked[place] = 1
      return shard
    }
    return undefined
  }

  /** Keep one that is not here, in the place of another one where there is none left. */
  add(shard: OrganizationShard): void {
    const first = placeOf(shard.id)
    let place = first
    while (place < first + reach - 1 && this.#shards[place] !== undefined) place++
    this.#shards[place] = shard
    this.#asked[place] = 0
  }

  /** All that were asked for since this was called before. */
  *takeAsked(): Generator<OrganizationShard, void> {
    for (let place = this.#asked.indexOf(1); place >= 0; place = this.#asked.indexOf(1, place + 1)) {
      this.#asked[place] = 0
      yield this.#shards[place] as OrganizationShard
    }
  }

  /** Forget all: one of them is no longer held, or is another one. */
  clear(): void {
    this.#shards.fill(undefined)
    this.#asked.fill(0)
  }
}

/** By the last four characters, which of a ULID are chance. */
function placeOf(id: string): number {
  const last = id.length - 1
  if (last < 3) return 0
  const end =
    id.charCodeAt(last) |
    (id.charCodeAt(last - 1) << 8) |
    (id.charCodeAt(last - 2) << 16) |
    (id.charCodeAt(last - 3) << 24)
  return Math.imul(end, 0x9e3779b1) >>> 20
}
