import type { AnyEntity, AssignmentId, GroupId, MembershipId, ResourceId, RoleId } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { acme, globex, member, organization, resource } from '../store-contract/samples.js'
import { compactJson, fromCompact } from './compact.js'

const at = '2026-01-05T10:00:00.000Z'
const later = '2026-02-05T10:00:00.000Z'

const assignment: AnyEntity = {
  kind: 'assignment',
  entity: {
    id: 'role_assignment_1' as AssignmentId,
    organizationId: acme,
    subject: { kind: 'group', id: 'group_1' as GroupId },
    roleId: 'role_1' as RoleId,
    resourceId: 'authz_resource_1' as ResourceId,
    createdAt: at,
    updatedAt: at,
  },
}
const groupMember = (id: `${GroupId}/${MembershipId}`): AnyEntity => ({
  kind: 'group_member',
  entity: { id, groupId: 'group_1' as GroupId, membershipId: 'om_1' as MembershipId, createdAt: at },
})

/** What is read back of what is written, and whether it was written without the names of its fields. */
function written({ kind, entity }: AnyEntity) {
  const json = compactJson(kind, acme, entity)
  return { compact: json.startsWith('['), entity: fromCompact(kind, acme, JSON.parse(json)) }
}

describe('an entity as it is stored', () => {
  test.each<[string, AnyEntity]>([
    ['a membership', member('om_1', { roleIds: ['role_1' as RoleId], updatedAt: later })],
    [
      'a membership told of groups',
      member('om_1', { directoryGroups: { sso: ['a', 'b'], directory: null } }),
    ],
    ['a resource', resource('authz_resource_1', { description: 'x,\n"y"', updatedAt: later })],
    ['a resource that never changed', resource('authz_resource_1')],
    ['an assignment', assignment],
    ['a group member', groupMember('group_1/om_1' as never)],
  ])('has no names of fields, and is read back whole: %s', (_what, entity) => {
    expect(written(entity)).toEqual({ compact: true, entity: entity.entity })
  })

  test.each([
    assignment.entity,
    { ...assignment.entity, updatedAt: later },
    { ...assignment.entity, subject: { kind: 'agent', id: 'authz_resource_"2"' } },
    { ...assignment.entity, subject: { kind: 'group', id: 'group_1', more: 1 } },
  ])('is written as JSON.stringify writes its values: an assignment (%#)', (entity) => {
    const { id, subject, roleId, resourceId, createdAt, updatedAt } = entity
    const values = [id, subject, roleId, resourceId, createdAt, updatedAt === createdAt ? 0 : updatedAt]
    expect(compactJson('assignment', acme, entity as never)).toBe(JSON.stringify(values))
  })

  test.each<[string, AnyEntity]>([
    ['of which there are few', organization(acme)],
    ['of another organization than its shard', member('om_1', { organizationId: globex })],
    ['with a field that nobody knows', member('om_1', { more: 1 } as never)],
    ['with a field that is missing', member('om_1', { userId: undefined } as never)],
    ['with an id that its parts do not make', groupMember('group_2/om_1' as never)],
  ])('keeps its names where its values do not say it all: one %s', (_what, entity) => {
    expect(written(entity)).toEqual({ compact: false, entity: JSON.parse(JSON.stringify(entity.entity)) })
  })
})
