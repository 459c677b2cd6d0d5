import type { OrganizationId } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { NearShards } from './near-shards.js'
import type { OrganizationShard } from './organization-shard.js'

const named = (id: string) => ({ id: id as OrganizationId }) as OrganizationShard
const find = (near: NearShards, id: string) => near.find(id as OrganizationId)

describe('organizations that are near', () => {
  test('are found by the whole of their ids: what ends alike, or begins alike, is not taken for them', () => {
    const near = new NearShards()
    const acme = named('org_acme0001')
    near.add(acme)
    // Another string, as one that has come in.
    expect(find(near, ['org_', 'acme0001'].join(''))).toBe(acme)
    for (const other of ['org_agme0001', 'org_acme00001', 'org_acme0002', '0001', '001', '', 'é0001'])
      expect(find(near, other)).toBeUndefined()
  })

  test('that end alike stand side by side, and one too many takes the place of one', () => {
    const near = new NearShards()
    const alike = Array.from({ length: 5 }, (_, index) => named(`org_${index}_0001`))
    for (const each of alike) near.add(each)
    const found = alike.filter((each) => find(near, each.id) !== undefined)
    expect(found).toEqual([alike[0], alike[1], alike[2], alike[4]])
    for (const each of found) expect(find(near, each.id)).toBe(each)
  })

  test('tell once who was asked for, and nothing when they are forgotten', () => {
    const near = new NearShards()
    const [one, other] = [named('org_one'), named('org_other')]
    for (const each of [one, other]) near.add(each)
    find(near, 'org_other')
    expect([...near.takeAsked()]).toEqual([other])
    expect([...near.takeAsked()]).toEqual([])
    find(near, 'org_one')
    near.clear()
    expect([...near.takeAsked()]).toEqual([])
    expect(find(near, 'org_one')).toBeUndefined()
  })

  test('are many at once', () => {
    const near = new NearShards()
    const ids = Array.from(
      { length: 1_000 },
      (_, index) => `org_${(index * 7_919).toString(36).padStart(6, '0')}`,
    )
    for (const id of ids) near.add(named(id))
    const found = ids.filter((id) => find(near, id)?.id === id)
    expect(found.length).toBeGreaterThan(990)
  })
})
