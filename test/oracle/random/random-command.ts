import {
  type GroupId,
  type MembershipRef,
  type OrganizationId,
  parseAssignmentId,
  parseGroupId,
  type ResourceRef,
  type SubjectKey,
  type SubjectRef,
} from '@bailiwick/core'
import type { Command, RoleThere } from '../command.js'
import type { ExclusionFact, Facts, ResourceFact } from '../facts.js'
import {
  anyDirectoryGroup,
  anyExternalId,
  anyMembershipId,
  anyOrganizationId,
  anyUserId,
  possibleOrganizations,
  refToMembership,
  refToResource,
  refToSubject,
  strangeMembership,
  strangeResource,
  strangeSubject,
} from './names.js'
import type { Random } from './random.js'
import type { Richness } from './random-model.js'
import {
  createOrganizationRole,
  deleteOrganizationRole,
  setRoleOrder,
  updateOrganizationRole,
} from './random-role.js'

/** Something to do to this world. Mostly it can be done; now and then a rule forbids it. */
export function randomCommand(random: Random, facts: Facts, draws: Draws): Command {
  const organizationId = anyOrganizationId(random, facts)
  const draw = random.weighted(draws)
  return draw(random, facts, organizationId)
}

/** A way to draw a command of one kind. */
export type Draw = (random: Random, facts: Facts, organizationId: OrganizationId) => Command

type Draws = readonly (readonly [weight: number, draw: Draw])[]

/** What is done to worlds, and how often. */
export function commandsOf(richness: Richness): Draws {
  return richness === 'rich' ? [...plain, ...rich] : plain
}

const plain: Draws = [
  [1, createOrganization],
  [0.25, deleteOrganization],
  [10, createMembership],
  [6, setMembershipRoles],
  [4, setMembershipStatus],
  [2, deleteMembership],
  [5, syncDirectoryGroups],
  [4, applyDirectoryGroupEvent],
  [32, createResource],
  [1, renameResource],
  [10, moveResource],
  [4, deleteResource],
  [4, createGroup],
  [0.5, renameGroup],
  [0.7, deleteGroup],
  [10, addGroupMember],
  [3, removeGroupMember],
  [26, assignRole],
  [4, removeAssignment],
  [3, replaceAssignments],
  [5, createDirectoryMapping],
  [1.5, deleteDirectoryMapping],
]

const rich: Draws = [
  [4, createOrganizationRole],
  [2, updateOrganizationRole],
  [4, deleteOrganizationRole],
  [2, setRoleOrder],
  [9, createExclusion],
  [3, deleteExclusion],
]

function createOrganization(random: Random): Command {
  const id = random.pick(possibleOrganizations()) as OrganizationId
  return random.chance(0.5)
    ? { do: 'createOrganization', id }
    : { do: 'createOrganization', id, externalId: `customer ${id}` }
}

function deleteOrganization(random: Random, facts: Facts): Command {
  return { do: 'deleteOrganization', id: anyOrganizationId(random, facts) }
}

function createMembership(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const status = random.weighted([
    [18, undefined],
    [1, 'inactive'],
    [1, 'pending'],
  ] as const)
  return {
    do: 'createMembership',
    organizationId,
    id: anyMembershipId(random),
    userId: anyUserId(random),
    ...(random.chance(0.5) ? { roles: organizationRoles(random, facts, organizationId) } : {}),
    ...(status === undefined ? {} : { status }),
  }
}

function setMembershipRoles(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const subject = someMembership(random, facts, organizationId)
  const roles = organizationRoles(random, facts, organizationId)
  return { do: 'setMembershipRoles', organizationId, subject, roles }
}

function setMembershipStatus(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const status = random.weighted([
    [9, 'active'],
    [1, 'inactive'],
    [1, 'pending'],
  ] as const)
  return {
    do: 'setMembershipStatus',
    organizationId,
    subject: someMembership(random, facts, organizationId),
    status,
  }
}

function deleteMembership(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  return { do: 'deleteMembership', organizationId, subject: someMembership(random, facts, organizationId) }
}

function syncDirectoryGroups(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  return {
    do: 'syncDirectoryGroups',
    organizationId,
    subject: someMembership(random, facts, organizationId),
    groups: Array.from({ length: random.between(0, 3) }, () => anyDirectoryGroup(random)),
    source: random.chance(0.5) ? 'sso' : 'directory',
  }
}

function applyDirectoryGroupEvent(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const event = {
    kind: random.chance(0.6) ? 'added' : 'removed',
    directoryGroup: anyDirectoryGroup(random),
  } as const
  const subject = someMembership(random, facts, organizationId)
  return { do: 'applyDirectoryGroupEvent', organizationId, subject, event }
}

function createResource(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const type = random.chance(0.02)
    ? random.pick(['no-such-type', 'organization', 'constructor'])
    : random.pick(facts.types.slice(1))?.slug
  const fits = facts.resources.filter(
    (resource) =>
      resource.organizationId === organizationId &&
      facts.types.some(({ slug, parents }) => slug === type && parents.includes(resource.type)),
  )
  const parent = random.chance(0.95) ? random.pick(fits) : undefined
  return {
    do: 'createResource',
    organizationId,
    type: type ?? 'no-such-type',
    externalId: anyExternalId(random),
    ...(parent === undefined
      ? random.chance(0.3)
        ? { parent: strangeResource(random, facts) }
        : {}
      : { parent: refToResource(random, parent) }),
  }
}

function renameResource(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const ref = someResource(random, facts, organizationId)
  return { do: 'renameResource', organizationId, ref, name: `name ${random.between(1, 99)}` }
}

function moveResource(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const resource = ours(random, facts, organizationId)
  const fits = facts.resources.filter(
    (candidate) =>
      candidate.organizationId === organizationId &&
      facts.types.some(({ slug, parents }) => slug === resource?.type && parents.includes(candidate.type)),
  )
  const parent = random.chance(0.8) ? random.pick(fits) : undefined
  return {
    do: 'moveResource',
    organizationId,
    ref: resource === undefined ? strangeResource(random, facts) : refToResource(random, resource),
    parent:
      parent === undefined ? someResource(random, facts, organizationId) : refToResource(random, parent),
  }
}

function deleteResource(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const ref = someResource(random, facts, organizationId)
  return { do: 'deleteResource', organizationId, ref, cascade: random.chance(0.3) }
}

function createGroup(random: Random, _: Facts, organizationId: OrganizationId): Command {
  return { do: 'createGroup', organizationId, name: `group ${random.between(1, 9)}` }
}

function renameGroup(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const groupId = someGroup(random, facts, organizationId)
  return { do: 'renameGroup', organizationId, groupId, name: `name ${random.between(1, 99)}` }
}

function deleteGroup(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  return { do: 'deleteGroup', organizationId, groupId: someGroup(random, facts, organizationId) }
}

function addGroupMember(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const groupId = someGroup(random, facts, organizationId)
  const member = someMembership(random, facts, organizationId)
  return { do: 'addGroupMember', organizationId, groupId, member }
}

function removeGroupMember(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const groupId = someGroup(random, facts, organizationId)
  const inIt = random.pick(facts.groups.find(({ id }) => id === groupId)?.members ?? [])
  const member =
    inIt === undefined || random.chance(0.2)
      ? someMembership(random, facts, organizationId)
      : { membershipId: inIt }
  return { do: 'removeGroupMember', organizationId, groupId, member }
}

function assignRole(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const subject = someSubject(random, facts, organizationId)
  return { do: 'assignRole', organizationId, subject, ...roleThere(random, facts, organizationId) }
}

function replaceAssignments(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const subject = someSubject(random, facts, organizationId)
  const held = facts.assignments
    .filter((each) => each.organizationId === organizationId)
    .map(({ role, resourceId }): RoleThere => ({ role, resource: { resourceId } }))
  const others = Array.from({ length: random.between(0, 2) }, () => roleThere(random, facts, organizationId))
  const assignments = [...random.some(held, 2), ...others]
  return { do: 'replaceAssignments', organizationId, subject, assignments }
}

function createDirectoryMapping(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const there = random.chance(0.4)
    ? { role: random.pick(organizationRoles(random, facts, organizationId)) ?? 'no-such-role' }
    : roleThere(random, facts, organizationId)
  return {
    do: 'createDirectoryMapping',
    organizationId,
    directoryGroup: anyDirectoryGroup(random),
    ...there,
  }
}

function deleteDirectoryMapping(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const here = facts.mappings.filter((mapping) => mapping.organizationId === organizationId)
  const mapping = random.pick(random.chance(0.9) ? here : facts.mappings)
  if (mapping === undefined) return createDirectoryMapping(random, facts, organizationId)
  return { do: 'deleteDirectoryMapping', organizationId, mappingId: mapping.id }
}

function createExclusion(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const known = random.pick(facts.exclusions.filter((each) => each.organizationId === organizationId))
  if (known !== undefined && random.chance(0.15)) return likeIt(random, facts, known)
  const resource = random.chance(0.9) ? ours(random, facts, organizationId) : undefined
  const held = random.pick(facts.roles)?.permissions ?? []
  const permission = random.chance(0.8) ? random.pick(held) : random.pick(facts.permissions)?.slug
  return {
    do: 'createExclusion',
    organizationId,
    subject: someSubject(random, facts, organizationId),
    permission: permission === undefined || random.chance(0.02) ? 'no:such' : permission,
    effect: random.chance(0.7) ? 'deny' : 'allow',
    ...(resource === undefined ? {} : { resource: refToResource(random, resource) }),
  }
}

/** The same once more, or the opposite of it. */
function likeIt(random: Random, facts: Facts, known: ExclusionFact): Command {
  const { organizationId, subject, permission, resourceId } = known
  return {
    do: 'createExclusion',
    organizationId,
    subject: refToSubject(random, facts, subject),
    permission,
    effect: random.chance(0.5) ? 'deny' : 'allow',
    resource: { resourceId },
  }
}

function deleteExclusion(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const here = facts.exclusions.filter((exclusion) => exclusion.organizationId === organizationId)
  const exclusion = random.pick(random.chance(0.9) ? here : facts.exclusions)
  if (exclusion === undefined) return createExclusion(random, facts, organizationId)
  return { do: 'deleteExclusion', organizationId, exclusionId: exclusion.id }
}

function removeAssignment(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const here = facts.assignments.filter((assignment) => assignment.organizationId === organizationId)
  const assignment = random.pick(random.chance(0.9) ? here : facts.assignments)
  return {
    do: 'removeAssignment',
    organizationId,
    assignmentId: assignment?.id ?? parseAssignmentId('role_assignment_nowhere'),
  }
}

function organizationRoles(random: Random, facts: Facts, organizationId: OrganizationId): readonly string[] {
  const slugs = rolesOf(facts, organizationId)
    .filter(({ on }) => on === 'organization')
    .map(({ slug }) => slug)
  const odd = random.chance(0.05) ? [random.pick(facts.roles)?.slug ?? 'no-such-role'] : []
  const most = facts.roleMode === 'single' && random.chance(0.9) ? 1 : 2
  return [...random.some(slugs, random.between(1, most)), ...odd]
}

/** A role and a resource of its type, mostly. */
function roleThere(random: Random, facts: Facts, organizationId: OrganizationId): RoleThere {
  const resource = random.chance(0.95) ? ours(random, facts, organizationId) : undefined
  const roles = rolesOf(facts, organizationId)
  const fitting = roles.filter(({ on }) => on === (resource?.type ?? 'organization'))
  const role = random.chance(0.93)
    ? random.pick(fitting)?.slug
    : random.pick(random.chance(0.5) ? facts.roles : facts.ownRoles)?.slug
  return {
    role: role === undefined || random.chance(0.02) ? 'no-such-role' : role,
    ...(resource === undefined
      ? random.chance(0.3)
        ? { resource: strangeResource(random, facts) }
        : {}
      : { resource: refToResource(random, resource) }),
  }
}

function rolesOf(facts: Facts, organizationId: OrganizationId) {
  return [...facts.roles, ...facts.ownRoles.filter((role) => role.organizationId === organizationId)]
}

function someMembership(random: Random, facts: Facts, organizationId: OrganizationId): MembershipRef {
  const here = facts.memberships.filter((membership) => membership.organizationId === organizationId)
  const membership = random.chance(0.96) ? random.pick(here) : undefined
  return membership === undefined ? strangeMembership(random, facts) : refToMembership(random, membership)
}

/** A membership, a group, or an agent where there are any. */
function someSubject(random: Random, facts: Facts, organizationId: OrganizationId): SubjectRef {
  const agents = facts.resources.filter(
    (resource) =>
      resource.organizationId === organizationId &&
      facts.types.some(({ slug, agent }) => slug === resource.type && agent),
  )
  const agent = random.chance(0.25) ? random.pick(agents) : undefined
  if (agent !== undefined) return refToSubject(random, facts, { kind: 'agent', id: agent.id } as SubjectKey)
  if (random.chance(0.25)) return { groupId: someGroup(random, facts, organizationId) }
  return random.chance(0.97) ? someMembership(random, facts, organizationId) : strangeSubject(random, facts)
}

function someGroup(random: Random, facts: Facts, organizationId: OrganizationId): GroupId {
  const here = facts.groups.filter((group) => group.organizationId === organizationId)
  const group = random.pick(random.chance(0.96) ? here : facts.groups)
  return group?.id ?? parseGroupId('group_nowhere')
}

function someResource(random: Random, facts: Facts, organizationId: OrganizationId): ResourceRef {
  const resource = random.chance(0.94) ? ours(random, facts, organizationId) : undefined
  return resource === undefined ? strangeResource(random, facts) : refToResource(random, resource)
}

function ours(random: Random, facts: Facts, organizationId: OrganizationId): ResourceFact | undefined {
  return random.pick(facts.resources.filter((resource) => resource.organizationId === organizationId))
}
