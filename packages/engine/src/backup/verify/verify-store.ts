import { isAuthorizationError, type ShardId } from '@bailiwick/core'
import { Environment } from '../../environment/environment.js'
import { loadRecords } from '../../environment/load-records.js'
import { storedModel } from '../../environment/records.js'
import { entityKinds } from '../../store/entity-kinds.js'
import type { Store } from '../../store/store.js'
import type { Progress } from '../backup-record.js'
import { isIn, type Part, type ReplayedShard, replayLog } from './replay.js'
import { verifyShard } from './verify-shard.js'

/** What a store holds, and what is wrong with it. */
export interface Verified {
  readonly commits: number
  readonly shards: number
  readonly entities: number
  readonly notes: number
  /** Sentences, so many at most that a reader can read; none when everything is as it should be. */
  readonly faults: readonly string[]
  /** How many there are. */
  readonly faultCount: number
}

/** So much of the log at a time is held in memory as what it comes to. */
const commitsPerPart = 500_000
const mostFaults = 100

/**
 * Rebuild every shard of a store from its log, and compare: that each commit follows the one before, that what is
 * stored is what the commits leave, no more and no less, that it is found by its look-ups, that what it names is
 * there, that the model compiles, and that the graph on which checks are decided can be built. Others may write
 * meanwhile.
 *
 * @throws {StoreUnavailable} when the medium fails.
 */
export async function verifyStore(
  store: Store,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Verified> {
  const commits = await store.lastPosition()
  const found = new Faults()
  let [shards, entities] = [0, 0]
  const environment = await found.during('the model', () => loadEnvironment(store))
  const of = Math.max(1, Math.ceil(commits / commitsPerPart))
  const notes = (await found.during('the notes', () => countNotes(store))) ?? 0
  for (let index = 0; index < of && environment !== undefined; index++) {
    const part: Part = { index, of }
    const log = await found.during('the log', () =>
      replayLog(store, commits, part, (position) =>
        onProgress({ commits: Math.floor((index * commits + position) / of), of: commits }),
      ),
    )
    if (log === undefined) break
    found.add(log.faults)
    for (const [shard, replayed] of log.shards) {
      shards += 1
      found.add(
        (await found.during(`\`${shard}\``, () => verifyShard(store, shard, replayed, environment))) ?? [],
      )
      for (const kind of entityKinds) entities += replayed.count(kind)
    }
    found.add((await found.during('the lists', () => findStrays(store, log.shards, part, commits))) ?? [])
  }
  return { commits, shards, entities, notes, ...found.report() }
}

async function loadEnvironment(store: Store): Promise<Environment> {
  const { records } = await loadRecords(store)
  return new Environment(storedModel(records), records)
}

async function countNotes(store: Store): Promise<number> {
  const notebook = store.notebook(() => 0)
  let count = 0
  for (let after: { readonly bucket: string; readonly key: string } | undefined; ; ) {
    const page = await notebook.all({ limit: perPage, ...(after && { after }) })
    count += page.length
    after = page.at(-1)
    if (page.length < perPage) return count
  }
}

const perPage = 1_000

/** What is found over all shards, and stands in none of those that the log knows. */
async function findStrays(
  store: Store,
  shards: ReadonlyMap<ShardId, ReplayedShard>,
  part: Part,
  upTo: number,
): Promise<readonly string[]> {
  const strays = new Map<string, string>()
  for (const kind of entityKinds) {
    for (let after: string | undefined; ; ) {
      const page = await store.scan(kind, { limit: perPage, ...(after !== undefined && { after }) })
      for (const { shard, entity } of page) {
        if (isIn(shard, part) && shards.get(shard)?.get(kind, entity.id) === undefined)
          strays.set(
            `${kind} ${entity.id}`,
            `the ${kind} \`${entity.id}\` stands in \`${shard}\`, which no commit says`,
          )
      }
      after = page.at(-1)?.entity.id
      if (page.length < perPage) break
    }
  }
  if (strays.size > 0) await forgetNewer(store, upTo, strays)
  return [...strays.values()]
}

/** What came after the log was read is no stray. */
async function forgetNewer(store: Store, upTo: number, strays: Map<string, string>): Promise<void> {
  for (let reached = upTo; ; ) {
    const page = await store.log({ after: reached, limit: perPage })
    for (const { position, commit } of page) {
      reached = position
      for (const change of commit.changes)
        strays.delete(`${change.kind} ${change.op === 'put' ? change.entity.id : change.id}`)
    }
    if (page.length < perPage) return
  }
}

/** What was found to be wrong. */
class Faults {
  readonly #faults: string[] = []
  #count = 0

  add(faults: readonly string[]): void {
    this.#count += faults.length
    this.#faults.push(...faults.slice(0, mostFaults - this.#faults.length))
  }

  /** What cannot be read for damage is a fault; what cannot be read now is nobody's finding. */
  async during<Value>(what: string, work: () => Promise<Value>): Promise<Value | undefined> {
    try {
      return await work()
    } catch (error) {
      if (isAuthorizationError(error) && error.kind === 'unavailable') throw error
      this.add([`${what} cannot be read: ${(error as Error).message}`])
      return undefined
    }
  }

  report(): Pick<Verified, 'faults' | 'faultCount'> {
    return { faults: this.#faults, faultCount: this.#count }
  }
}
