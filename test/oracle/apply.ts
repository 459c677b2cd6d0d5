import {
  type AssignmentId,
  assertNever,
  type ExclusionId,
  type GroupId,
  type MappingId,
  type OrganizationId,
  type ResourceId,
  type ResourceRef,
  type SubjectKey,
  type SubjectRef,
} from '@bailiwick/core'
import { wayUp } from './answer.js'
import { applyToOwnRole } from './apply-own-roles.js'
import type { Command, CommandOf, RoleThere } from './command.js'
import type {
  AssignmentFact,
  ExclusionFact,
  Facts,
  GroupFact,
  MembershipFact,
  ResourceFact,
} from './facts.js'
import { find, sameSubject } from './find.js'

/** The ids that came into being with a write. The oracle invents none: it takes those that the engine gave. */
export interface MadeIds {
  readonly root?: ResourceId
  readonly resource?: ResourceId
  readonly assignment?: AssignmentId
  /** As many as were wanted, in the order of the command. */
  readonly assignments?: readonly AssignmentId[]
  readonly group?: GroupId
  readonly mapping?: MappingId
  readonly exclusion?: ExclusionId
  /** The slug of a role that was given none. */
  readonly roleSlug?: string
}

/** What is true after a command that breaks no rule (see `refusals`). */
export function apply(facts: Facts, command: Command, made: MadeIds): Facts {
  switch (command.do) {
    case 'createOrganization':
      return createOrganization(facts, command, made)
    case 'deleteOrganization':
      return deleteOrganization(facts, command)
    case 'createMembership':
      return createMembership(facts, command)
    case 'setMembershipRoles':
      return changeMembership(facts, command, ({ directoryGroups: { sso, directory } }) => ({
        roles: sorted(command.roles),
        isChosenSince: sso !== null || directory !== null,
      }))
    case 'setMembershipStatus':
      return changeMembership(facts, command, () => ({ status: command.status }))
    case 'deleteMembership':
      return deleteMembership(facts, command)
    case 'syncDirectoryGroups':
      return changeMembership(facts, command, ({ directoryGroups }) => ({
        directoryGroups: { ...directoryGroups, [command.source]: sorted(command.groups) },
        isChosenSince: false,
      }))
    case 'applyDirectoryGroupEvent':
      return directoryGroupEvent(facts, command)
    case 'createResource':
      return createResource(facts, command, made)
    case 'renameResource':
      return changeResource(facts, command, { name: command.name })
    case 'moveResource':
      return changeResource(facts, command, {
        parentId: existing(facts, command.organizationId, command.parent).id,
      })
    case 'deleteResource':
      return deleteResource(facts, command)
    case 'createGroup': {
      const { organizationId, name } = command
      const group: GroupFact = { id: given(made.group), organizationId, name, members: [] }
      return { ...facts, groups: [...facts.groups, group] }
    }
    case 'renameGroup':
      return changeGroup(facts, command.groupId, () => ({ name: command.name }))
    case 'deleteGroup':
      return deleteGroup(facts, command.groupId)
    case 'addGroupMember':
    case 'removeGroupMember':
      return changeMembers(facts, command)
    case 'assignRole':
      return give(facts, command, [command], [made.assignment])
    case 'removeAssignment':
      return { ...facts, assignments: facts.assignments.filter(({ id }) => id !== command.assignmentId) }
    case 'replaceAssignments':
      return replaceAssignments(facts, command, made)
    case 'createOrganizationRole':
    case 'updateOrganizationRole':
    case 'deleteOrganizationRole':
    case 'setRoleOrder':
      return applyToOwnRole(facts, command, made.roleSlug)
    case 'createDirectoryMapping': {
      const { organizationId, directoryGroup, role, resource } = command
      const resourceId = existing(facts, organizationId, resource).id
      const mapping = { id: given(made.mapping), organizationId, directoryGroup, role, resourceId }
      return { ...facts, mappings: [...facts.mappings, mapping] }
    }
    case 'deleteDirectoryMapping':
      return { ...facts, mappings: facts.mappings.filter(({ id }) => id !== command.mappingId) }
    case 'createExclusion':
      return createExclusion(facts, command, made)
    case 'deleteExclusion':
      return { ...facts, exclusions: facts.exclusions.filter(({ id }) => id !== command.exclusionId) }
    default:
      return assertNever(command)
  }
}

/** The assignment that giving this role again would yield. */
export function heldAssignment(
  facts: Facts,
  organizationId: OrganizationId,
  ref: SubjectRef,
  { role, resource: place }: RoleThere,
): AssignmentFact | undefined {
  const subject = find.subject(facts, organizationId, ref)
  const resource = find.place(facts, organizationId, place)
  return facts.assignments.find(
    (held) =>
      subject !== undefined &&
      sameSubject(held.subject, subject) &&
      held.role === role &&
      held.resourceId === resource?.id,
  )
}

/** The exclusion that making it again would yield. */
export function heldExclusion(
  facts: Facts,
  command: CommandOf<'createExclusion'>,
): ExclusionFact | undefined {
  const { organizationId, permission, effect } = command
  const subject = find.subject(facts, organizationId, command.subject)
  const resource = find.place(facts, organizationId, command.resource)
  return facts.exclusions.find(
    (held) =>
      subject !== undefined &&
      sameSubject(held.subject, subject) &&
      held.permission === permission &&
      held.effect === effect &&
      held.resourceId === resource?.id,
  )
}

function createOrganization(facts: Facts, command: CommandOf<'createOrganization'>, made: MadeIds): Facts {
  const root: ResourceFact = {
    id: given(made.root),
    organizationId: command.id,
    type: 'organization',
    externalId: command.externalId ?? command.id,
    name: command.id,
    parentId: undefined,
  }
  return {
    ...facts,
    organizations: [...facts.organizations, { id: command.id, externalId: command.externalId }],
    resources: [...facts.resources, root],
  }
}

function deleteOrganization(facts: Facts, { id }: CommandOf<'deleteOrganization'>): Facts {
  const elsewhere = ({ organizationId }: { readonly organizationId: OrganizationId }) => organizationId !== id
  return {
    ...facts,
    organizations: facts.organizations.filter((organization) => organization.id !== id),
    memberships: facts.memberships.filter(elsewhere),
    resources: facts.resources.filter(elsewhere),
    groups: facts.groups.filter(elsewhere),
    assignments: facts.assignments.filter(elsewhere),
    ownRoles: facts.ownRoles.filter(elsewhere),
    roleOrders: facts.roleOrders.filter(elsewhere),
    mappings: facts.mappings.filter(elsewhere),
    exclusions: facts.exclusions.filter(elsewhere),
  }
}

function createMembership(facts: Facts, command: CommandOf<'createMembership'>): Facts {
  const order = facts.roleOrders.find(({ organizationId }) => organizationId === command.organizationId)
  const defaultRole = order === undefined ? facts.defaultRole : order.defaultRole
  const membership: MembershipFact = {
    id: command.id,
    organizationId: command.organizationId,
    userId: command.userId,
    status: command.status ?? 'active',
    roles: sorted(command.roles ?? (defaultRole === undefined ? [] : [defaultRole])),
    directoryGroups: { sso: null, directory: null },
    isChosenSince: false,
  }
  return { ...facts, memberships: [...facts.memberships, membership] }
}

function changeMembership(
  facts: Facts,
  {
    organizationId,
    subject,
  }: CommandOf<
    'setMembershipRoles' | 'setMembershipStatus' | 'syncDirectoryGroups' | 'applyDirectoryGroupEvent'
  >,
  to: (membership: MembershipFact) => Partial<MembershipFact>,
): Facts {
  const changed = find.membership(facts, organizationId, subject)
  const memberships = facts.memberships.map((membership) =>
    membership === changed ? { ...membership, ...to(membership) } : membership,
  )
  return { ...facts, memberships }
}

/** An event that repeats what is known changes nothing, and still is the provider's latest word. */
function directoryGroupEvent(facts: Facts, command: CommandOf<'applyDirectoryGroupEvent'>): Facts {
  const { kind, directoryGroup } = command.event
  return changeMembership(facts, command, ({ directoryGroups }) => {
    const others = (directoryGroups.directory ?? []).filter((group) => group !== directoryGroup)
    const directory = kind === 'added' ? sorted([...others, directoryGroup]) : others
    return { directoryGroups: { ...directoryGroups, directory }, isChosenSince: false }
  })
}

function deleteMembership(facts: Facts, command: CommandOf<'deleteMembership'>): Facts {
  const gone = find.membership(facts, command.organizationId, command.subject)
  if (gone === undefined) return facts
  return {
    ...withoutHolders(facts, [{ kind: 'membership', id: gone.id }]),
    memberships: facts.memberships.filter((membership) => membership !== gone),
    groups: facts.groups.map((group) => ({
      ...group,
      members: group.members.filter((id) => id !== gone.id),
    })),
  }
}

function createResource(facts: Facts, command: CommandOf<'createResource'>, made: MadeIds): Facts {
  const resource: ResourceFact = {
    id: given(made.resource),
    organizationId: command.organizationId,
    type: command.type,
    externalId: command.externalId,
    name: command.externalId,
    parentId: existing(facts, command.organizationId, command.parent).id,
  }
  return { ...facts, resources: [...facts.resources, resource] }
}

function changeResource(
  facts: Facts,
  command: CommandOf<'renameResource' | 'moveResource'>,
  to: Partial<ResourceFact>,
): Facts {
  const changed = existing(facts, command.organizationId, command.ref)
  const resources = facts.resources.map((resource) =>
    resource === changed ? { ...resource, ...to } : resource,
  )
  return { ...facts, resources }
}

/** With all below it, all that is held there, and all that agents among them hold anywhere. */
function deleteResource(facts: Facts, command: CommandOf<'deleteResource'>): Facts {
  const top = existing(facts, command.organizationId, command.ref)
  const gone = new Set(
    facts.resources.filter((resource) => wayUp(facts, resource).includes(top)).map(({ id }) => id),
  )
  const left = withoutHolders(
    facts,
    [...gone].map((id) => ({ kind: 'agent', id })),
  )
  const stays = ({ resourceId }: { readonly resourceId: ResourceId }) => !gone.has(resourceId)
  return {
    ...left,
    resources: facts.resources.filter(({ id }) => !gone.has(id)),
    assignments: left.assignments.filter(stays),
    mappings: facts.mappings.filter(stays),
    exclusions: left.exclusions.filter(stays),
  }
}

function changeGroup(facts: Facts, id: GroupId, to: (group: GroupFact) => Partial<GroupFact>): Facts {
  const groups = facts.groups.map((group) => (group.id === id ? { ...group, ...to(group) } : group))
  return { ...facts, groups }
}

function changeMembers(facts: Facts, command: CommandOf<'addGroupMember' | 'removeGroupMember'>): Facts {
  const member = find.membership(facts, command.organizationId, command.member)
  if (member === undefined) return facts
  return changeGroup(facts, command.groupId, ({ members }) => {
    const others = members.filter((id) => id !== member.id)
    return { members: command.do === 'addGroupMember' ? [...others, member.id] : others }
  })
}

function deleteGroup(facts: Facts, gone: GroupId): Facts {
  const left = withoutHolders(facts, [{ kind: 'group', id: gone }])
  return { ...left, groups: facts.groups.filter(({ id }) => id !== gone) }
}

/** Take back all that these hold. */
function withoutHolders(facts: Facts, gone: readonly SubjectKey[]): Facts {
  const isGone = ({ subject }: { readonly subject: SubjectKey }) =>
    gone.some((each) => sameSubject(each, subject))
  return {
    ...facts,
    assignments: facts.assignments.filter((assignment) => !isGone(assignment)),
    exclusions: facts.exclusions.filter((exclusion) => !isGone(exclusion)),
  }
}

function replaceAssignments(facts: Facts, command: CommandOf<'replaceAssignments'>, made: MadeIds): Facts {
  const { organizationId, subject: ref, assignments: wanted } = command
  const subject = find.subject(facts, organizationId, ref)
  const kept = wanted.map((each) => heldAssignment(facts, organizationId, ref, each))
  const assignments = facts.assignments.filter(
    (held) => subject === undefined || !sameSubject(held.subject, subject) || kept.includes(held),
  )
  return give({ ...facts, assignments }, command, wanted, made.assignments ?? [])
}

function give(
  facts: Facts,
  { organizationId, subject: ref }: CommandOf<'assignRole' | 'replaceAssignments'>,
  wanted: readonly RoleThere[],
  ids: readonly (AssignmentId | undefined)[],
): Facts {
  let after = facts
  for (const [index, { role, resource }] of wanted.entries()) {
    const subject = find.subject(after, organizationId, ref)
    if (subject === undefined) throw new Error('a role was given to nobody: refusals were not asked first')
    const there = resource === undefined ? { role } : { role, resource }
    if (heldAssignment(after, organizationId, ref, there) !== undefined) continue
    const resourceId = existing(after, organizationId, resource).id
    const assignment: AssignmentFact = { id: given(ids[index]), organizationId, subject, role, resourceId }
    after = { ...after, assignments: [...after.assignments, assignment] }
  }
  return after
}

function createExclusion(facts: Facts, command: CommandOf<'createExclusion'>, made: MadeIds): Facts {
  const { organizationId, permission, effect } = command
  const subject = find.subject(facts, organizationId, command.subject)
  if (subject === undefined || heldExclusion(facts, command) !== undefined) return facts
  const resourceId = existing(facts, organizationId, command.resource).id
  const exclusion = { id: given(made.exclusion), organizationId, subject, effect, permission, resourceId }
  return { ...facts, exclusions: [...facts.exclusions, exclusion] }
}

/** The resource named, or the root where none is. */
function existing(facts: Facts, organizationId: OrganizationId, ref: ResourceRef | undefined): ResourceFact {
  const resource = find.place(facts, organizationId, ref)
  if (resource === undefined) throw new Error('no such resource: refusals were not asked first')
  return resource
}

function given<Id>(id: Id | undefined): Id {
  if (id === undefined) throw new Error('the write succeeded, but its id was not passed on')
  return id
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort()
}
