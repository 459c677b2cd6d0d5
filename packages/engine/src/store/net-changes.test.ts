import type { EntityKind, OrganizationId, ShardId } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import type { Lookup } from './lookups.js'
import { netChanges, type Step } from './net-changes.js'

const acme = 'org_acme' as OrganizationId
const globex = 'org_globex' as OrganizationId
const put = (id: string): Step => ({ op: 'put', kind: 'membership', id })
const remove = (id: string): Step => ({ op: 'remove', kind: 'membership', id })

function decide(homes: Record<string, ShardId>, ...drafts: Step[][]) {
  return netChanges(
    acme,
    drafts.map((changes) => ({ changes })),
    { homeOf: (_kind, id) => homes[id], holderOf: () => undefined },
  )
}

const user = (id: string, email: string): Step => ({
  op: 'put',
  kind: 'user',
  id,
  lookups: [{ name: 'user_email', value: email }],
})
const gone = (id: string): Step => ({ op: 'remove', kind: 'user', id })

describe('net changes', () => {
  test('keep the last word on each entity, and count how many more there are', () => {
    const homes = { om_old: acme, om_gone: acme }
    expect(decide(homes, [put('om_old'), put('om_new')], [remove('om_gone'), put('om_old')])).toEqual({
      kind: 'changes',
      changes: [put('om_old'), put('om_new'), remove('om_gone')],
      growth: 0,
    })
  })

  test.each([
    ['put', [put('om_1')], 1],
    ['put twice', [put('om_1'), put('om_1')], 1],
    ['put and removed', [put('om_1'), remove('om_1')], 0],
    ['replaced', [put('om_old')], 0],
    ['removed', [remove('om_old')], -1],
    ['removed and put again', [remove('om_old'), put('om_old')], 0],
    ['removed, put and removed again', [remove('om_old'), put('om_old'), remove('om_old')], -1],
  ])('counts an entity that is %s', (_how, steps, growth) => {
    expect(decide({ om_old: acme }, steps)).toMatchObject({ kind: 'changes', growth })
  })

  test('an id of another shard is taken, in the draft that claims it; an id of this one is not', () => {
    const homes = { om_theirs: globex, om_ours: acme }
    expect(decide(homes, [put('om_ours')], [put('om_theirs')])).toEqual({
      kind: 'taken',
      draft: 1,
      entityKind: 'membership',
      id: 'om_theirs',
    })
    expect(decide(homes, [put('om_ours')])).toMatchObject({ kind: 'changes' })
  })

  test('removing what the shard does not hold is a bug; removing what the draft put first is not', () => {
    expect(decide({ om_theirs: globex }, [remove('om_theirs')])).toMatchObject({ kind: 'bug' })
    expect(decide({}, [remove('om_1')])).toMatchObject({ kind: 'bug' })
    expect(decide({}, [put('om_1'), remove('om_1')])).toMatchObject({ kind: 'changes', growth: 0 })
  })

  test.each<[string, 'changes' | 'taken', Step[][]]>([
    ['nobody has', 'changes', [[user('ben', 'ben@acme.test')]]],
    ['its own entity has', 'changes', [[user('ada', 'ada@acme.test')]]],
    ['another has', 'taken', [[user('ben', 'ada@acme.test')]]],
    ['another claims in an earlier draft', 'taken', [[user('ben', 'x')], [user('cleo', 'x')]]],
    ['another claims in the same draft', 'taken', [[user('ben', 'x'), user('cleo', 'x')]]],
    ['another gave up', 'changes', [[user('ada', 'new')], [user('ben', 'ada@acme.test')]]],
    ['another gives up too late', 'taken', [[user('ben', 'ada@acme.test')], [user('ada', 'new')]]],
    ['another lost with itself', 'changes', [[gone('ada')], [user('ben', 'ada@acme.test')]]],
    ['another claimed and gave up', 'changes', [[user('ben', 'x'), user('ben', 'y')], [user('cleo', 'x')]]],
    [
      'another took back',
      'taken',
      [[user('ada', 'new')], [user('ada', 'ada@acme.test')], [user('ben', 'ada@acme.test')]],
    ],
  ])('a unique value that %s: %s', (_how, outcome, drafts) => {
    const holderOf = ({ value }: Lookup) => (value === 'ada@acme.test' ? 'ada' : undefined)
    const homeOf = (_kind: EntityKind, id: string) => (id === 'ada' ? acme : undefined)
    const decided = netChanges(
      acme,
      drafts.map((changes) => ({ changes })),
      { homeOf, holderOf },
    )
    expect(decided.kind).toBe(outcome)
  })

  test('tells which value is taken, and in which draft', () => {
    expect(decide({}, [user('ben', 'x')], [user('cleo', 'x')])).toEqual({
      kind: 'taken',
      draft: 1,
      entityKind: 'user',
      id: 'cleo',
      lookup: { name: 'user_email', value: 'x' },
    })
  })
})
