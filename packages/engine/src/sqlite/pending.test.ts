import type { ShardId } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Lookup } from '../store/lookups.js'
import { acme, draft, globex, member, put, remove, user } from '../store-contract/samples.js'
import { Pending } from './pending.js'
import { encodeDraft } from './rows.js'

const head = { revision: 1, entities: 1, position: 1 }
const email = (value: string): Lookup => ({ name: 'user_email', value })

function add(pending: Pending, shard: ShardId, ...changes: Parameters<typeof draft>): Pending {
  return addAt(pending, 1, shard, ...changes)
}

function addAt(
  pending: Pending,
  position: number,
  shard: ShardId,
  ...changes: Parameters<typeof draft>
): Pending {
  pending.add(shard, { ...head, position }, encodeDraft(shard, draft(...changes)).changes)
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

  test('knows what was changed again while it was on its way', () => {
    const pending = addAt(new Pending(), 1, acme, put(member('om_1')), put(member('om_2')))
    pending.places.push({ shard: acme, revision: 1, position: 1 })
    pending.cut(1)
    expect(pending.fresh).toBe(0)
    addAt(pending, 2, acme, remove(member('om_2')), put(member('om_3')))
    pending.places.push({ shard: acme, revision: 2, position: 2 })
    expect([pending.fresh, pending.size]).toEqual([2, 3])
    pending.drop(1)
    expect(pending.entity('membership', 'om_1')).toBeUndefined()
    expect(pending.entity('membership', 'om_2')).toMatchObject({ op: 'remove' })
    expect(pending.entity('membership', 'om_3')).toMatchObject({ op: 'put' })
    expect(pending.heads.get(acme)).toMatchObject({ position: 2 })
    expect(pending.places).toEqual([{ shard: acme, revision: 2, position: 2 }])
    expect([pending.fresh, pending.size, pending.isEmpty]).toEqual([2, 2, false])
    pending.drop(2)
    expect([pending.fresh, pending.size, pending.isEmpty, pending.places]).toEqual([0, 0, true, []])
  })

  test('leaves a value to the tables with the entity that had it', () => {
    const pending = addAt(new Pending(), 1, 'user:ada', put(user('ada', { email: 'shared' })))
    pending.cut(1)
    addAt(pending, 2, 'user:ada', put(user('ada', { email: 'own' })))
    addAt(pending, 3, 'user:ben', put(user('ben', { email: 'shared' })))
    pending.drop(1)
    expect(pending.holderOf(email('shared'), () => 'ada')).toBe('ben')
    expect(pending.holderOf(email('own'), () => undefined)).toBe('ada')
    pending.drop(3)
    expect(pending.holderOf(email('shared'), () => 'ben')).toBe('ben')
    expect(pending.holderOf(email('shared'), () => undefined)).toBeUndefined()
  })
})

describe('whatever is changed, put on its way and dropped', () => {
  const shards = ['user:ada', 'user:ben', 'user:cleo'] as const
  const emails = [null, 'one', 'two', 'three']

  /** Users by id, as all changes up to a position leave them: what the tables have when they have those. */
  type Users = ReadonlyMap<string, { readonly shard: ShardId; readonly email: string | null }>

  const holderIn = (users: Users, value: string) => [...users].find(([, { email }]) => email === value)?.[0]

  test('pending and tables together say what all changes say', () => {
    const random = fc.integer({ min: 0, max: 11 })
    fc.assert(
      fc.property(fc.array(fc.tuple(random, random, random), { maxLength: 60 }), (steps) => {
        const pending = new Pending()
        const after: Users[] = [new Map()]
        let [onItsWay, dropped] = [0, 0]
        for (const [what, who, how] of steps) {
          const now = after.at(-1) as Users
          if (what === 0 && onItsWay === dropped) {
            onItsWay = after.length - 1
            pending.cut(onItsWay)
          } else if (what === 1) {
            dropped = onItsWay
            pending.drop(dropped)
          } else {
            const id = `user_${who % 4}`
            const value = emails[how % 4] as string | null
            // An id is in one shard, and a value with one user.
            const shard = now.get(id)?.shard ?? shards[how % 3] ?? shards[0]
            const holder = value === null ? undefined : holderIn(now, value)
            const isPut = what > 4 && (holder === undefined || holder === id)
            if (!isPut && !now.has(id)) continue
            const changed = new Map(now)
            if (isPut) changed.set(id, { shard, email: value })
            else changed.delete(id)
            addAt(pending, after.length, shard, isPut ? put(user(id, { email: value })) : remove(user(id)))
            after.push(changed)
          }
          const all = after.at(-1) as Users
          // What is on its way may have come at any time before it is dropped.
          for (const tables of [after[dropped], after[onItsWay]] as Users[]) {
            for (const id of ['user_0', 'user_1', 'user_2', 'user_3']) {
              const change = pending.entity('user', id)
              const shard =
                change === undefined ? tables.get(id)?.shard : change.op === 'put' ? change.shard : undefined
              expect(shard).toBe(all.get(id)?.shard)
            }
            for (const value of ['one', 'two', 'three'])
              expect(pending.holderOf(email(value), () => holderIn(tables, value))).toBe(holderIn(all, value))
          }
          const changed = (from: number) =>
            new Set([...pending.entities()].filter(({ position }) => position > from).map(({ id }) => id))
              .size
          expect([pending.size, pending.fresh]).toEqual([changed(dropped), changed(onItsWay)])
        }
      }),
    )
  })
})
