import { assertNever, type OrganizationId, type ResourceRef, type SubjectRef } from '@bailiwick/core'
import { wayUp } from './answer.js'
import type { Command, CommandOf, RoleThere } from './command.js'
import type { Facts, ResourceFact } from './facts.js'
import { find } from './find.js'
import { roleRefusals } from './refusals-of-roles.js'

/**
 * Every rule that a command breaks, as error codes; none means that it must succeed. A command may break several
 * rules at once, and the rules do not say which is named first.
 */
export function refusals(facts: Facts, command: Command): readonly string[] {
  if (command.do === 'createOrganization') {
    return taken('organization_exists', find.organization(facts, command.id))
  }
  const id = command.do === 'deleteOrganization' ? command.id : command.organizationId
  // What is malformed may be noticed before anything is looked up.
  if (find.organization(facts, id) === undefined) return ['organization_not_found', ...malformed(command)]
  switch (command.do) {
    case 'deleteOrganization':
      return []
    case 'createMembership':
      return [...membershipTaken(facts, command), ...organizationRoles(facts, id, command.roles ?? [])]
    case 'setMembershipRoles':
      return [...noSubject(facts, id, command.subject), ...organizationRoles(facts, id, command.roles)]
    case 'setMembershipStatus':
    case 'deleteMembership':
    case 'syncDirectoryGroups':
    case 'applyDirectoryGroupEvent':
      return noSubject(facts, id, command.subject)
    case 'createResource':
      return creation(facts, command)
    case 'renameResource':
      return noResourceBelowRoot(facts, id, command.ref)
    case 'moveResource':
      return [
        ...noResourceBelowRoot(facts, id, command.ref),
        ...noPlace(facts, id, command.parent),
        ...misplaced(facts, command),
      ]
    case 'deleteResource':
      return [...noResourceBelowRoot(facts, id, command.ref), ...depended(facts, command)]
    case 'createGroup':
      return []
    case 'renameGroup':
    case 'deleteGroup':
      return noSubject(facts, id, command)
    case 'addGroupMember':
      return [...noSubject(facts, id, command), ...noSubject(facts, id, command.member)]
    case 'removeGroupMember':
      return [
        ...noSubject(facts, id, command),
        ...noSubject(facts, id, command.member),
        ...noMember(facts, command),
      ]
    case 'assignRole':
      return [...noSubject(facts, id, command.subject), ...unfit(facts, id, command)]
    case 'replaceAssignments':
      return [
        ...noSubject(facts, id, command.subject),
        ...command.assignments.flatMap((each) => unfit(facts, id, each)),
      ]
    case 'removeAssignment':
      return missing(facts.assignments, id, command.assignmentId, 'assignment_not_found')
    case 'createOrganizationRole':
    case 'updateOrganizationRole':
    case 'deleteOrganizationRole':
    case 'setRoleOrder':
      return roleRefusals(facts, command)
    case 'createDirectoryMapping':
      return [...unfit(facts, id, command), ...mappingTaken(facts, command)]
    case 'deleteDirectoryMapping':
      return missing(facts.mappings, id, command.mappingId, 'mapping_not_found')
    case 'createExclusion':
      return [
        ...noSubject(facts, id, command.subject),
        ...(facts.permissions.some(({ slug }) => slug === command.permission) ? [] : ['permission_unknown']),
        ...noPlace(facts, id, command.resource),
      ]
    case 'deleteExclusion':
      return missing(facts.exclusions, id, command.exclusionId, 'exclusion_not_found')
    default:
      return assertNever(command)
  }
}

/** What no organization would take: a role of its own begins like one. */
export function malformed(command: Command): readonly string[] {
  if (command.do !== 'createOrganizationRole' || command.slug === undefined) return []
  return /^org-./.test(command.slug) ? [] : ['input_invalid']
}

/** Why a role cannot be had on the organization. */
export function organizationRole(facts: Facts, id: OrganizationId, slug: string): readonly string[] {
  return roleOn(facts, id, slug, 'organization')
}

function taken(code: string, existing: unknown): readonly string[] {
  return existing === undefined ? [] : [code]
}

function missing(
  all: readonly { readonly id: string; readonly organizationId: OrganizationId }[],
  organizationId: OrganizationId,
  id: string,
  code: string,
): readonly string[] {
  return all.some((each) => each.id === id && each.organizationId === organizationId) ? [] : [code]
}

function membershipTaken(facts: Facts, command: CommandOf<'createMembership'>): readonly string[] {
  return taken(
    'membership_exists',
    // Ids are unique everywhere; a user has one membership in an organization.
    facts.memberships.find(({ id }) => id === command.id) ??
      find.membership(facts, command.organizationId, { userId: command.userId }),
  )
}

function organizationRoles(facts: Facts, id: OrganizationId, slugs: readonly string[]): readonly string[] {
  const tooMany = facts.roleMode === 'single' && new Set(slugs).size > 1 ? ['multiple_roles_not_enabled'] : []
  return [...tooMany, ...slugs.flatMap((slug) => organizationRole(facts, id, slug))]
}

/** Nothing is said of the type where there is no resource: that is another rule's refusal. */
function roleOn(facts: Facts, id: OrganizationId, slug: string, type: string | undefined): readonly string[] {
  const role = find.role(facts, id, slug)
  if (role === undefined) return ['role_unknown']
  return type === undefined || role.on === type ? [] : ['role_type_mismatch']
}

function noSubject(facts: Facts, id: OrganizationId, ref: SubjectRef): readonly string[] {
  if (find.subject(facts, id, ref) !== undefined) return []
  return ['groupId' in ref ? 'group_not_found' : 'agent' in ref ? 'agent_not_found' : 'membership_not_found']
}

function noMember(
  facts: Facts,
  { organizationId, groupId, member }: CommandOf<'removeGroupMember'>,
): readonly string[] {
  const group = find.group(facts, organizationId, groupId)
  const membership = find.membership(facts, organizationId, member)
  if (group === undefined || membership === undefined || group.members.includes(membership.id)) return []
  return ['group_member_not_found']
}

function noPlace(facts: Facts, id: OrganizationId, ref: ResourceRef | undefined): readonly string[] {
  if (ref === undefined) return []
  if ('type' in ref && !facts.types.some(({ slug }) => slug === ref.type)) return ['resource_type_unknown']
  return find.resource(facts, id, ref) === undefined ? ['resource_not_found'] : []
}

function noResourceBelowRoot(facts: Facts, id: OrganizationId, ref: ResourceRef): readonly string[] {
  const isRoot = find.resource(facts, id, ref)?.type === 'organization'
  return isRoot ? ['root_resource_fixed'] : noPlace(facts, id, ref)
}

function creation(facts: Facts, command: CommandOf<'createResource'>): readonly string[] {
  const { organizationId, type, externalId, parent: ref } = command
  if (type === 'organization') return ['root_resource_fixed']
  if (!facts.types.some(({ slug }) => slug === type)) return ['resource_type_unknown']
  const parent = find.place(facts, organizationId, ref)
  return [
    ...noPlace(facts, organizationId, ref),
    ...(parent === undefined ? [] : misfit(facts, type, parent)),
    ...taken('resource_exists', find.resource(facts, organizationId, { type, externalId })),
  ]
}

function misfit(facts: Facts, type: string, parent: ResourceFact): readonly string[] {
  return facts.types.some(({ slug, parents }) => slug === type && parents.includes(parent.type))
    ? []
    : ['parent_type_not_allowed']
}

function misplaced(facts: Facts, command: CommandOf<'moveResource'>): readonly string[] {
  const resource = find.resource(facts, command.organizationId, command.ref)
  const parent = find.resource(facts, command.organizationId, command.parent)
  if (resource === undefined || parent === undefined) return []
  const underItself = wayUp(facts, parent).includes(resource)
  return [...misfit(facts, resource.type, parent), ...(underItself ? ['parent_cycle'] : [])]
}

/** What is held on a resource depends on it, and so does what it holds itself as an agent. */
function depended(facts: Facts, command: CommandOf<'deleteResource'>): readonly string[] {
  const resource = find.resource(facts, command.organizationId, command.ref)
  if (resource === undefined || command.cascade) return []
  const dependents = [
    ...facts.resources.filter(({ parentId }) => parentId === resource.id),
    ...facts.mappings.filter(({ resourceId }) => resourceId === resource.id),
    ...[...facts.assignments, ...facts.exclusions].filter(
      ({ resourceId, subject }) =>
        resourceId === resource.id || (subject.kind === 'agent' && subject.id === resource.id),
    ),
  ]
  return dependents.length > 0 ? ['resource_has_dependents'] : []
}

/** A role is given on a resource of its own type. */
function unfit(facts: Facts, id: OrganizationId, { role, resource }: RoleThere): readonly string[] {
  return [...noPlace(facts, id, resource), ...roleOn(facts, id, role, find.place(facts, id, resource)?.type)]
}

function mappingTaken(facts: Facts, command: CommandOf<'createDirectoryMapping'>): readonly string[] {
  const { organizationId, directoryGroup, role } = command
  const place = find.place(facts, organizationId, command.resource)
  const known = facts.mappings.find(
    (mapping) =>
      mapping.organizationId === organizationId &&
      mapping.directoryGroup === directoryGroup &&
      mapping.role === role &&
      mapping.resourceId === place?.id,
  )
  return taken('mapping_exists', known)
}
