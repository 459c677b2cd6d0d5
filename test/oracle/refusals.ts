import { assertNever, type OrganizationId, type ResourceRef, type SubjectRef } from '@bailiwick/core'
import { wayUp } from './answer.js'
import type { Command, CommandOf } from './command.js'
import type { Facts, ResourceFact } from './facts.js'
import { find } from './find.js'

/**
 * Every rule that a command breaks, as error codes; none means that it must succeed. A command may break several
 * rules at once, and the rules do not say which is named first.
 */
export function refusals(facts: Facts, command: Command): readonly string[] {
  if (command.do === 'createOrganization') {
    return taken('organization_exists', find.organization(facts, command.id))
  }
  if (find.organization(facts, command.organizationId) === undefined) return ['organization_not_found']
  switch (command.do) {
    case 'createMembership':
      return [...membershipTaken(facts, command), ...organizationRoles(facts, command.roles ?? [])]
    case 'setMembershipRoles':
      return [
        ...noMembership(facts, command.organizationId, command.subject),
        ...organizationRoles(facts, command.roles),
      ]
    case 'setMembershipStatus':
    case 'deleteMembership':
      return noMembership(facts, command.organizationId, command.subject)
    case 'createResource':
      return creation(facts, command)
    case 'renameResource':
      return noResourceBelowRoot(facts, command.organizationId, command.ref)
    case 'moveResource':
      return [
        ...noResourceBelowRoot(facts, command.organizationId, command.ref),
        ...noResource(facts, command.organizationId, command.parent),
        ...misplaced(facts, command),
      ]
    case 'deleteResource':
      return [...noResourceBelowRoot(facts, command.organizationId, command.ref), ...depended(facts, command)]
    case 'assignRole':
      return [
        ...noMembership(facts, command.organizationId, command.subject),
        ...(command.resource === undefined
          ? []
          : noResource(facts, command.organizationId, command.resource)),
        ...unfitRole(facts, command),
      ]
    case 'removeAssignment':
      return facts.assignments.some(
        ({ id, organizationId }) => id === command.assignmentId && organizationId === command.organizationId,
      )
        ? []
        : ['assignment_not_found']
    default:
      return assertNever(command)
  }
}

function taken(code: string, existing: unknown): readonly string[] {
  return existing === undefined ? [] : [code]
}

function membershipTaken(facts: Facts, command: CommandOf<'createMembership'>): readonly string[] {
  return taken(
    'membership_exists',
    // Ids are unique everywhere; a user has one membership in an organization.
    facts.memberships.find(({ id }) => id === command.id) ??
      find.membership(facts, command.organizationId, { userId: command.userId }),
  )
}

function organizationRoles(facts: Facts, slugs: readonly string[]): readonly string[] {
  return slugs.flatMap((slug) => roleOn(facts, slug, 'organization'))
}

/** Nothing is said of the type where there is no resource: that is another rule's refusal. */
function roleOn(facts: Facts, slug: string, type: string | undefined): readonly string[] {
  const role = facts.roles.find((known) => known.slug === slug)
  if (role === undefined) return ['role_unknown']
  return type === undefined || role.on === type ? [] : ['role_type_mismatch']
}

function noMembership(facts: Facts, organizationId: OrganizationId, subject: SubjectRef): readonly string[] {
  return find.membership(facts, organizationId, subject) === undefined ? ['membership_not_found'] : []
}

function noResource(facts: Facts, organizationId: OrganizationId, ref: ResourceRef): readonly string[] {
  if ('type' in ref && !facts.types.some(({ slug }) => slug === ref.type)) return ['resource_type_unknown']
  return find.resource(facts, organizationId, ref) === undefined ? ['resource_not_found'] : []
}

function noResourceBelowRoot(
  facts: Facts,
  organizationId: OrganizationId,
  ref: ResourceRef,
): readonly string[] {
  const isRoot = find.resource(facts, organizationId, ref)?.type === 'organization'
  return isRoot ? ['root_resource_fixed'] : noResource(facts, organizationId, ref)
}

function creation(facts: Facts, command: CommandOf<'createResource'>): readonly string[] {
  const { organizationId, type, externalId, parent: ref } = command
  if (type === 'organization') return ['root_resource_fixed']
  if (!facts.types.some(({ slug }) => slug === type)) return ['resource_type_unknown']
  const parent =
    ref === undefined ? find.root(facts, organizationId) : find.resource(facts, organizationId, ref)
  return [
    ...(ref === undefined ? [] : noResource(facts, organizationId, ref)),
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

function depended(facts: Facts, command: CommandOf<'deleteResource'>): readonly string[] {
  const resource = find.resource(facts, command.organizationId, command.ref)
  if (resource === undefined || command.cascade) return []
  const children = facts.resources.some(({ parentId }) => parentId === resource.id)
  const assignments = facts.assignments.some(({ resourceId }) => resourceId === resource.id)
  return children || assignments ? ['resource_has_dependents'] : []
}

function unfitRole(facts: Facts, command: CommandOf<'assignRole'>): readonly string[] {
  const resource =
    command.resource === undefined
      ? find.root(facts, command.organizationId)
      : find.resource(facts, command.organizationId, command.resource)
  return roleOn(facts, command.role, resource?.type)
}
