import type { AnyEntity } from '@bailiwick/core'
import { afterEach, expect, test } from 'vitest'
import { linksOf, verifyChain } from '../chain/verify-chain.js'
import type { CommitDraft, Store } from '../store/store.js'
import { acme, contentOf, draft, member, ordered, put, stored } from '../store-contract/samples.js'
import { failingDisk } from './fixtures/failing-disk.js'
import { crashedCopyBesideThread, storeDirectory } from './fixtures/store-directory.js'
import { threadAtOnce } from './fixtures/thread-at-once.js'
import type { Pace } from './following-tables.js'
import { openStore } from './open-store.js'
import { sqlite } from './sqlite.js'
import { locate } from './store-file.js'

const seed = Number(process.env.FAULTS_SEED ?? Math.floor(Math.random() * 2 ** 31))
const opened: Store[] = []
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

// Tables that follow at once, now and then, and only when the file ahead has no more room; here, and on a thread.
const paces: readonly Partial<Pace>[] = [1, 5, 1_000].flatMap((mostPending) => [
  { mostPending },
  { ...threadAtOnce, mostPending },
])
test.each(paces)(
  `a crash at any moment leaves what was acknowledged, whatever came before (FAULTS_SEED=${seed}, %o)`,
  { timeout: 120_000 },
  async (pace) => {
    const random = randomFrom(seed)
    const directory = storeDirectory()
    const path = directory.file('authz.db')
    const disk = failingDisk(`${path}-ahead`)
    const open = () => {
      const store = openStore(locate(path), pace)
      opened.push(store)
      return store
    }
    let store = open()
    const commits: CommitDraft[] = []
    let notes = 0
    const next = (bytes: number) => {
      // Few ids, so that puts replace what tables have.
      const id = `om_${random(8)}`
      return draft(put(member(id, { userId: `${commits.length} ${'u'.repeat(bytes)}` })))
    }
    const append = async (bytes: number) => {
      const commit = next(bytes)
      await stored(store, acme, commits.length, commit)
      commits.push(commit)
    }
    const actions: Record<string, () => Promise<unknown>> = {
      short: () => append(10),
      long: () => append(200_000),
      'longer than a half': () => append(1_100_000),
      together: async () => {
        const before = commits.length
        const group = [next(10), next(10), next(300)]
        await Promise.all(group.map((commit, n) => stored(store, acme, before + n, commit)))
        commits.push(...group)
      },
      'with a note': async () => {
        await Promise.all([store.notebook(() => 0).write('b', `${notes}`, 'v'), append(10)])
        notes += 1
      },
      'a note': async () => {
        await store.notebook(() => 0).write('b', `${notes}`, 'v')
        notes += 1
      },
      failing: async () => {
        disk.fail('fdatasyncSync', 'EIO', random(2) === 0 ? 'before' : 'after')
        await expect(store.append(acme, commits.length, [next(10)])).rejects.toThrow('EIO')
        disk.heal()
      },
      closed: async () => {
        await store.close()
        store = open()
      },
    }
    const names = Object.keys(actions)
    for (let step = 0; step < steps; step++) {
      // Each of them once, and then any.
      const name = names[step < names.length ? step : random(names.length)] as string
      await actions[name]?.()
      const told = `step ${step}, ${name}`
      const crashed = await sqlite(crashedCopyBesideThread(path, directory.file(`crashed-${step}.db`)))()
      opened.push(crashed)
      for (const [each, more] of [
        [store, 0],
        // What has failed may be on the disk, or not.
        [crashed, name === 'failing' ? 1 : 0],
      ] as const) {
        const revision = await each.revision(acme)
        expect(revision, told).toBeGreaterThanOrEqual(commits.length)
        expect(revision, told).toBeLessThanOrEqual(commits.length + more)
        const log = (await each.commitsSince(acme, 0)).slice(0, commits.length)
        expect(
          log.map(({ changes }) => changes),
          told,
        ).toEqual(commits.map(({ changes }) => changes))
        expect(await verifyChain(linksOf(each)), told).toMatchObject({ kind: 'whole', commits: revision })
        expect(await each.notebook(() => 0).list('b'), told).toHaveLength(notes)
        if (revision === commits.length)
          expect(await contentOf(each, acme), told).toEqual(contentAfter(commits))
      }
      await crashed.close()
    }
  },
)

const steps = process.env.RUNS === 'long' ? 300 : 30

function contentAfter(commits: readonly CommitDraft[]) {
  const entities = new Map<string, AnyEntity>()
  for (const { changes } of commits)
    for (const change of changes)
      if (change.op === 'put') {
        const { op: _, ...entity } = change
        entities.set(entity.entity.id, entity)
      }
  return ordered(entities.values())
}

/** A small seeded generator (mulberry32): whole numbers from 0 up to, not including, `below`. */
function randomFrom(from: number): (below: number) => number {
  let state = from
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
