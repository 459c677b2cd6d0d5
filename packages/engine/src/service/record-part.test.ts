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
const commits = () => store.commitsSince(serviceShard, 0)

describe('what became of a part of the service', () => {
  test('is a commit of its shard, with whoever did it', async () => {
    await record(key('key_1'))
    const { token } = await record({ op: 'remove', kind: 'api_key', id: 'key_1' })
    expect(await commits()).toMatchObject([
      { revision: 1, at, changes: [key('key_1')], origin: { actor } },
      { revision: 2, changes: [{ op: 'remove', kind: 'api_key', id: 'key_1' }], origin: { actor } },
    ])
    expect(JSON.parse(Buffer.from(token, 'base64url').toString())).toEqual([store.id, serviceShard, 2])
  })

  test('is not told twice, and what was never told of is not told to be gone', async () => {
    const first = await record(key('key_1'))
    expect(await record(key('key_1'))).toEqual(first)
    expect(await record({ op: 'remove', kind: 'api_key', id: 'key_2' })).toEqual(first)
    expect(await commits()).toHaveLength(1)
    await record(key('key_1', at))
    expect(await commits()).toHaveLength(2)
  })

  test('is told whole, whoever else tells something at the same time', async () => {
    const ids = ['key_1', 'key_2', 'key_3', 'key_4', 'key_5']
    await Promise.all(ids.map((id) => record(key(id))))
    const told = (await commits()).flatMap(({ changes }) => changes)
    expect(told.map((change) => change.op === 'put' && change.entity.id).sort()).toEqual(ids)
  })
})
