import { type ServicePartChange, serviceShard } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { memoryStore } from '../store/memory-store.js'
import type { Store } from '../store/store.js'
import { recordPart } from './record-part.js'

let store: Store
beforeEach(async () => {
  store = await memoryStore()()
})

const at = '2026-01-01T00:00:00.000Z'
const actor = { type: 'user', id: 'user_ann' }
const record = (change: ServicePartChange) => recordPart({ store, now: () => at, origin: { actor } }, change)
const key = (id: string, revokedAt: string | null = null): ServicePartChange => ({
  op: 'put',
  kind: 'api_key',
  entity: { id, name: id, scopes: ['read'], hint: 'sk_…', createdAt: at, expiresAt: null, revokedAt },
})
const shard = serviceShard('key_1')
const commits = () => store.commitsSince(shard, 0)

describe('what became of a part of the service', () => {
  test('is a commit of its shard, with whoever did it', async () => {
    await record(key('key_1'))
    const { token } = await record({ op: 'remove', kind: 'api_key', id: 'key_1' })
    expect(await commits()).toMatchObject([
      { revision: 1, at, changes: [key('key_1')], origin: { actor } },
      { revision: 2, changes: [{ op: 'remove', kind: 'api_key', id: 'key_1' }], origin: { actor } },
    ])
    expect(JSON.parse(Buffer.from(token, 'base64url').toString())).toEqual([store.id, shard, 2])
  })

  test('is not told twice, and what was never told of is not told to be gone', async () => {
    const first = await record(key('key_1'))
    expect(await record(key('key_1'))).toEqual(first)
    await record({ op: 'remove', kind: 'api_key', id: 'key_2' })
    expect(await store.revision(serviceShard('key_2'))).toBe(0)
    expect(await commits()).toHaveLength(1)
    await record(key('key_1', at))
    expect(await commits()).toHaveLength(2)
  })

  test('is told whole, whoever else tells something at the same time', async () => {
    const ends = ['2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05']
    await Promise.all(ends.map((end) => record(key('key_1', end))))
    const told = (await commits()).flatMap(({ changes }) => changes)
    const ended = told.map(
      (change) => change.op === 'put' && change.kind === 'api_key' && change.entity.revokedAt,
    )
    expect(ended.sort()).toEqual(ends)
  })
})
