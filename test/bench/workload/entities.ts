import type {
  AnyEntity,
  AssignmentId,
  EntityByKind,
  GroupId,
  MembershipId,
  OrganizationId,
  ResourceId,
  RoleId,
  SubjectKey,
} from '@bailiwick/core'
import { idOf } from './ids.js'
import { memberRole, typeSlugs } from './model.js'
import { externalIdOf } from './questions.js'
import { seeded, shuffled } from './random.js'
import { groupsEach, type Workload } from './workload.js'

const createdAt = '2026-01-01T00:00:00.000Z'
const stamped = { createdAt, updatedAt: createdAt }

/** How many entities a workload is in a store. */
export function countEntities({ size, resources, memberships, groups, groupsOf, rowsOf }: Workload): number {
  return size.organizations + resources + memberships + groups + groupsOf.items.length + rowsOf.items.length
}

/**
 * Every entity of one organization in the order in which SQLite yields them: by kind, and within a kind by id.
 * Roles were given in no order, so the rows of one holder do not come together.
 *
 * @param roleIds - By the index of the role.
 */
export function* entitiesOf(
  workload: Workload,
  organization: number,
  roleIds: readonly RoleId[],
): Generator<AnyEntity, void> {
  const organizationId = idOf('organization', organization) as OrganizationId
  const common = { organizationId, ...stamped }
  const { membershipsEach } = workload.size
  const memberships = indexes(organization * membershipsEach, membershipsEach)
  const groups = indexes(organization * groupsEach, groupsEach)
  yield* assignmentsOf(workload, organization, roleIds, common)
  for (const index of groups) {
    const id = idOf('group', index) as GroupId
    yield { kind: 'group', entity: { id, name: `Group ${index}`, description: null, ...common } }
  }
  yield* groupMembersOf(workload, memberships)
  for (const index of memberships)
    yield { kind: 'membership', entity: { ...membershipOf(workload, index, roleIds), ...common } }
  const name = `Organization ${organization}`
  const entity = { id: organizationId, name, externalId: null, domains: [], metadata: {}, ...stamped }
  yield { kind: 'organization', entity }
  for (const index of indexes(organization * workload.span, workload.span))
    yield { kind: 'resource', entity: { ...resourceOf(workload, index), ...common } }
}

type Common = Pick<EntityByKind['assignment'], 'organizationId' | 'createdAt' | 'updatedAt'>

function* assignmentsOf(
  { size, memberships, rowsOf }: Workload,
  organization: number,
  roleIds: readonly RoleId[],
  common: Common,
): Generator<AnyEntity, void> {
  const holders = [
    ...indexes(organization * size.membershipsEach, size.membershipsEach),
    ...indexes(memberships + organization * groupsEach, groupsEach),
  ]
  const given = holders.flatMap((holder) => {
    const subject: SubjectKey =
      holder < memberships
        ? { kind: 'membership', id: idOf('membership', holder) as MembershipId }
        : { kind: 'group', id: idOf('group', holder - memberships) as GroupId }
    return [...rowsOf.items.subarray(rowsOf.starts[holder], rowsOf.starts[holder + 1])].map((row) => ({
      subject,
      row,
    }))
  })
  for (const [n, { subject, row }] of shuffled(given, seeded(organization)).entries()) {
    const id = idOf('assignment', organization * 2 * size.membershipsEach + n) as AssignmentId
    const resourceId = idOf('resource', row >> 3) as ResourceId
    yield {
      kind: 'assignment',
      entity: { id, subject, roleId: roleIds[row & 7] as RoleId, resourceId, ...common },
    }
  }
}

function* groupMembersOf({ groupsOf }: Workload, memberships: readonly number[]): Generator<AnyEntity, void> {
  const { starts, items } = groupsOf
  const links = memberships.flatMap((membership) =>
    [...items.subarray(starts[membership], starts[membership + 1])].map((group) => ({ group, membership })),
  )
  links.sort((one, other) => one.group - other.group || one.membership - other.membership)
  for (const { group, membership } of links) {
    const groupId = idOf('group', group) as GroupId
    const membershipId = idOf('membership', membership) as MembershipId
    yield {
      kind: 'group_member',
      entity: { id: `${groupId}/${membershipId}`, groupId, membershipId, createdAt },
    }
  }
}

function membershipOf(
  { ownRole }: Workload,
  index: number,
  roleIds: readonly RoleId[],
): Omit<EntityByKind['membership'], keyof Common> {
  return {
    id: idOf('membership', index) as MembershipId,
    userId: idOf('user', index),
    status: 'active',
    roleIds: [roleIds[ownRole[index] as number] as RoleId],
    // A member is one by default.
    rolesChosen: ownRole[index] !== memberRole,
    rolesOverrideDirectory: false,
    directoryGroups: { sso: null, directory: null },
  }
}

function resourceOf(workload: Workload, index: number): Omit<EntityByKind['resource'], keyof Common> {
  const parent = workload.parent[index] as number
  return {
    id: idOf('resource', index) as ResourceId,
    type: typeSlugs[workload.type[index] as number] as string,
    externalId: externalIdOf(workload, index),
    name: `Resource ${index}`,
    description: null,
    parentId: parent < 0 ? null : (idOf('resource', parent) as ResourceId),
  }
}

function indexes(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => first + n)
}
