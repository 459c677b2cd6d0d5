import type { ShardId } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import type { Lookup } from '../store/lookups.js'
import { acme, draft, globex, member, put, remove, user } from '../store-contract/samples.js'
import { Pending } from './pending.js'
import { encodeDraft } from './rows.js'

const head = { revision: 1, entities: 1 }
const email = (value: string): Lookup => ({ name: 'user_email', value })

function add(pending: Pending, shard: ShardId, ...changes: Parameters<typeof draft>): Pending {
  pending.add(shard, head, encodeDraft(shard, draft(...changes)).changes)
  return pending
}

describe('what the tables do not have yet', () => {
  test('is the last word on each entity, and nothing of others', () => {
    const pending = add(new Pending(), acme, put(member('om_1')), remove(member('om_1')), put(member('om_2')))
    expect(pending.entity('membership', 'om_1')).toMatchObject({ op: 'remove', shard: acme })
    expect(pending.entity('membership', 'om_2')).toMatchObject({ op: 'put', shard: acme, left: [] })
    expect(pending.entity('resource', 'om_2')).toBeUndefined()
    expect(pending.size).toBe(2)
    pending.clear()
    expect([pending.size, pending.isEmpty, pending.entity('membership', 'om_2')]).toEqual([
      0,
      true,
      undefined,
    ])
  })

  test('knows where an id was before it came to another shard', () => {
    const pending = add(new Pending(), acme, remove(member('same')))
    add(pending, globex, put(member('same')))
    expect(pending.entity('membership', 'same')).toMatchObject({ op: 'put', shard: globex, left: [acme] })
  })

  test('says who has a unique value, before the tables do', () => {
    const pending = add(new Pending(), 'user:ada', put(user('ada', { email: 'new' })))
    const holder = (value: string, stored?: string) => pending.holderOf(email(value), () => stored)
    expect(holder('new')).toBe('ada')
    expect(holder('old', 'ada')).toBeUndefined()
    expect(holder('other', 'ben')).toBe('ben')
    add(pending, 'user:ada', remove(user('ada')))
    expect(holder('new', 'ada')).toBeUndefined()
    add(pending, 'user:cleo', put(user('cleo', { email: 'new' })))
    expect(holder('new', 'ada')).toBe('cleo')
  })
})
