import type { AnyEntity, ShardId } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import type { CommitDraft, Store } from '../store/store.js'
import { acme, contentOf, draft, globex, member, ordered, put, remove, resource } from './samples.js'
import { openerForTest, type StoreUnderTest } from './store-under-test.js'

/** The heart of it: the entities of a shard are what its commits leave, and a reopened store holds the same. */
export function replaying(open: () => Promise<StoreUnderTest>): void {
  const seed = Number(process.env.STORE_CONTRACT_SEED ?? Math.floor(Math.random() * 2 ** 31))

  describe(`random commits (STORE_CONTRACT_SEED=${seed})`, () => {
    test('load equals the replay of the commits, in each shard, before and after a reopen', async () => {
      const opener = await openerForTest(open)
      const store = await opener()
      const outcomes = await appendRandomly(store, randomFrom(seed))
      expect(outcomes).toEqual(new Set(['appended', 'conflict', 'taken', 'wrong remove']))
      const before = await expectReplay(store)
      await store.close()
      expect(await expectReplay(await opener())).toEqual(before)
    })
  })
}

const shards: readonly ShardId[] = [acme, globex, 'environment']

async function appendRandomly(store: Store, random: (below: number) => number): Promise<Set<string>> {
  const outcomes = new Set<string>()
  for (let step = 0; step < 150; step++) {
    const shard = shards[random(shards.length)] as ShardId
    const revision = (await store.revision(shard)) - (random(5) === 0 ? 1 : 0)
    const drafts = Array.from({ length: 1 + random(3) }, () => randomDraft(random))
    try {
      const result = await store.append(shard, revision, drafts as [CommitDraft, ...CommitDraft[]])
      outcomes.add(result.kind)
    } catch (error) {
      if (!String(error).includes('remove')) throw error
      outcomes.add('wrong remove')
    }
  }
  return outcomes
}

/** Few ids, so that puts replace, removes hit, and shards get in each other's way. */
function randomDraft(random: (below: number) => number): CommitDraft {
  const changes = Array.from({ length: random(4) }, () => {
    const id = `id_${random(20)}`
    const entity = random(2) === 0 ? member(id, { userId: `user ${random(1_000)}` }) : resource(id)
    return random(4) === 0 ? remove(entity) : put(entity)
  })
  return draft(...changes)
}

async function expectReplay(store: Store): Promise<readonly (readonly AnyEntity[])[]> {
  const contents: (readonly AnyEntity[])[] = []
  for (const shard of shards) {
    const commits = await store.commitsSince(shard, 0)
    expect(commits.map(({ revision }) => revision)).toEqual(commits.map((_, n) => n + 1))
    expect(await store.revision(shard)).toBe(commits.length)
    const left = new Map<string, AnyEntity>()
    for (const change of commits.flatMap(({ changes }) => changes)) {
      if (change.op === 'remove') left.delete(JSON.stringify([change.kind, change.id]))
      else {
        const { op: _, ...entity } = change
        left.set(JSON.stringify([entity.kind, entity.entity.id]), entity)
      }
    }
    const content = await contentOf(store, shard)
    expect(content).toEqual(ordered(left.values()))
    for (const { kind, entity } of content)
      expect(await store.find(kind, entity.id)).toEqual({ shard, entity })
    contents.push(content)
  }
  return contents
}

/** A small seeded generator (mulberry32): whole numbers from 0 up to, not including, `below`. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}
