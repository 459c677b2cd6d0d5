import type { Change, GroupId, OrganizationId } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { auditEntries } from './audit-entries.js'

const at = '2026-05-01T00:00:00.000Z'
const shard = 'org_acme' as OrganizationId
const id = 'group_1' as GroupId

function named(name: string): Change {
  const entity = { id, organizationId: shard, name, description: null, createdAt: at, updatedAt: at }
  return { op: 'put', kind: 'group', entity } as Change
}

test('what one commit does to one thing several times is told step by step', async () => {
  const nothing = { revision: async () => 0, commitsSince: async () => [] }
  const changes: Change[] = [named('A'), named('B'), { op: 'remove', kind: 'group', id }, named('C')]
  const told = await auditEntries(nothing, [{ position: 1, commit: { shard, revision: 1, at, changes } }])
  expect(told.map(({ action, before, after }) => [action, before?.name, after?.name])).toEqual([
    ['group.created', undefined, 'A'],
    ['group.updated', 'A', 'B'],
    ['group.deleted', 'B', undefined],
    ['group.created', undefined, 'C'],
  ])
})
