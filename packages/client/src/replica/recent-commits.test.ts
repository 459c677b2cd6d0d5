import type { Commit, ShardId } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { RecentCommits } from './recent-commits.js'

const acme = 'org_acme' as ShardId

function commit(revision: number, shard = acme): Commit {
  return { shard, revision, at: '', changes: [] }
}

let recent: RecentCommits
beforeEach(() => {
  recent = new RecentCommits()
})

function after(revision: number, shard = acme) {
  return recent.after(shard, revision)?.map((each) => each.revision)
}

describe('the last commits of a shard', () => {
  test('are given out from any revision that they reach back to', () => {
    for (const revision of [5, 6, 7]) recent.add(commit(revision))
    expect(after(4)).toEqual([5, 6, 7])
    expect(after(6)).toEqual([7])
    expect(after(7)).toEqual([])
    expect(after(3)).toBeUndefined()
    expect(after(4, 'org_other' as ShardId)).toBeUndefined()
  })

  test('are given out once to each who asks', () => {
    for (const revision of [5, 6]) recent.add(commit(revision))
    recent.forgetUpTo(acme, 4)
    expect([after(4), after(4)]).toEqual([
      [5, 6],
      [5, 6],
    ])
    recent.forgetUpTo(acme, 5)
    expect([after(4), after(5)]).toEqual([undefined, [6]])
  })

  test('have no hole: what comes after one begins anew', () => {
    for (const revision of [5, 6, 9, 9, 8, 10]) recent.add(commit(revision))
    expect(after(4)).toBeUndefined()
    expect(after(8)).toEqual([9, 10])
  })

  test('are bounded, in one shard and in all', () => {
    for (let revision = 1; revision <= 5_000; revision++) recent.add(commit(revision))
    expect(after(0)).toBeUndefined()
    expect(after(4_999)).toEqual([5_000])
    for (let n = 0; n < 60_000; n++) recent.add(commit(1, `org_${n}` as ShardId))
    expect(after(4_999)).toBeUndefined()
    const kept = Array.from({ length: 60_000 }, (_, n) => after(0, `org_${n}` as ShardId)).filter(Boolean)
    expect(kept).toHaveLength(50_000)
  })

  test('weigh what they change: one that is too heavy is read again, and so is what came before it', () => {
    recent.add(commit(1))
    const change = { op: 'remove', kind: 'resource', id: 'x' } as const
    recent.add({ ...commit(2), changes: Array.from({ length: 5_000 }, () => change) })
    expect(after(0)).toBeUndefined()
    recent.add(commit(3))
    expect([after(0), after(2)]).toEqual([undefined, [3]])
  })
})
