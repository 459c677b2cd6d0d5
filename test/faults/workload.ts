import {
  type Change,
  defineModel,
  type MembershipId,
  type MembershipRecord,
  type OrganizationId,
} from '@bailiwick/core'
import type { CommitDraft } from '@bailiwick/engine'

/** Organizations that are written at the same time, so that their commits share transactions. */
export const shards = [
  'org_acme' as OrganizationId,
  'org_globex' as OrganizationId,
  'org_initech' as OrganizationId,
] as const

/** What an engine in a test of faults lives by. */
export const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})

const at = '2026-01-05T10:00:00.000Z'

/** What a commit does follows from its number: two members come, and one of an earlier commit goes. */
export function commitNumber(shard: OrganizationId, revision: number): CommitDraft {
  const changes: Change[] = [
    { op: 'put', kind: 'membership', entity: memberNumber(shard, 2 * revision) },
    { op: 'put', kind: 'membership', entity: memberNumber(shard, 2 * revision + 1) },
  ]
  if (revision > 10) {
    changes.push({ op: 'remove', kind: 'membership', id: memberNumber(shard, 2 * (revision - 10)).id })
  }
  return { at, changes }
}

/** The members that so many commits leave, in the order of their ids. */
export function membersAfter(shard: OrganizationId, revision: number): readonly MembershipRecord[] {
  const members: MembershipRecord[] = []
  for (let number = 2; number <= 2 * revision + 1; number++) {
    const removed = number % 2 === 0 && number / 2 + 10 <= revision
    if (!removed) members.push(memberNumber(shard, number))
  }
  return members
}

function memberNumber(shard: OrganizationId, number: number): MembershipRecord {
  return {
    id: `om_${shard}_${String(number).padStart(8, '0')}` as MembershipId,
    organizationId: shard,
    userId: `user ${number} of ${shard}`,
    status: 'active',
    roleIds: [],
    rolesChosen: false,
    rolesOverrideDirectory: false,
    directoryGroups: { sso: null, directory: null },
    createdAt: at,
    updatedAt: at,
  }
}
