import {
  type DirectoryGroupEvent,
  type DirectoryMapping,
  type DirectorySource,
  EntityExists,
  EntityNotFound,
  InputInvalid,
  limits,
  type MappingId,
  type MappingRecord,
  type Membership,
  type MembershipRecord,
  type MembershipRef,
  type NewDirectoryMapping,
  type OrganizationId,
  parseName,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { newId } from '../new-id.js'
import type { Command, CommandContext, Outcome } from './command.js'
import { requireOrganization, requirePlace, requireRole, requireRoleFits } from './find.js'
import { putMembership, wholeMembership } from './memberships.js'
import { membershipView } from './views.js'

const sources: readonly DirectorySource[] = ['sso', 'directory']

/** Take over what the identity provider says: these are the groups, and what was chosen by hand gives way. */
export function syncDirectoryGroups(
  organizationId: OrganizationId,
  ref: MembershipRef,
  groups: readonly string[],
  source: DirectorySource,
): Command<Membership> {
  if (!sources.includes(source))
    throw new InputInvalid('source', `must be one of ${sources.join(', ')}`, source)
  const told = parseGroups(groups)
  return (graph, context) => {
    requireOrganization(graph, organizationId)
    return tell(graph, wholeMembership(graph, ref, context), source, told, context)
  }
}

/** Take over one change of directory sync. An event that repeats what is known changes nothing. */
export function applyDirectoryGroupEvent(
  organizationId: OrganizationId,
  ref: MembershipRef,
  { kind, directoryGroup }: DirectoryGroupEvent,
): Command<Membership> {
  if (kind !== 'added' && kind !== 'removed')
    throw new InputInvalid('kind', 'must be `added` or `removed`', kind)
  const group = parseName(directoryGroup, 'directoryGroup')
  return (graph, context) => {
    requireOrganization(graph, organizationId)
    const membership = wholeMembership(graph, ref, context)
    const others = (membership.directoryGroups.directory ?? []).filter((each) => each !== group)
    const told = kind === 'removed' ? others : parseGroups([...others, group])
    return tell(graph, membership, 'directory', told, context)
  }
}

/** Map a group of the identity provider to a role, on a resource of the role's own type. */
export function createDirectoryMapping(input: NewDirectoryMapping): Command<DirectoryMapping> {
  const directoryGroup = parseName(input.directoryGroup, 'directoryGroup')
  const { organizationId, role: slug } = input
  return (graph, { at, ulid }) => {
    requireOrganization(graph, organizationId)
    const role = requireRole(graph, slug)
    const resource = requirePlace(graph, input.resource)
    requireRoleFits(graph, role, resource)
    if (graph.mappings.of(directoryGroup).some((each) => each.role === role && each.resource === resource))
      throw new EntityExists('mapping', `${directoryGroup} → ${slug}`)
    const entity: MappingRecord = {
      id: newId<MappingId>('mapping', ulid),
      organizationId,
      directoryGroup,
      roleId: graph.roles.role(role).id,
      resourceId: graph.resources.id(resource),
      createdAt: at,
      updatedAt: at,
    }
    const { roleId: _, ...rest } = entity
    return { changes: [{ op: 'put', kind: 'mapping', entity }], value: { ...rest, role: slug } }
  }
}

/** Remove a mapping: whoever has the role through it alone loses it at once. */
export function deleteDirectoryMapping(organizationId: OrganizationId, id: MappingId): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    if (graph.mappings.find(id) === undefined) throw new EntityNotFound('mapping', id)
    return { changes: [{ op: 'remove', kind: 'mapping', id }], value: undefined }
  }
}

// A sign-in mostly repeats the one before it, and must not cost a commit.
function tell(
  graph: OrganizationGraph,
  membership: MembershipRecord,
  source: DirectorySource,
  told: readonly string[],
  { at }: CommandContext,
): Outcome<Membership> {
  const before = membership.directoryGroups[source]
  const repeated = before?.length === told.length && before.every((each, index) => each === told[index])
  if (repeated && !membership.rolesOverrideDirectory)
    return { changes: [], value: membershipView(graph, membership) }
  return putMembership(graph, {
    ...membership,
    directoryGroups: { ...membership.directoryGroups, [source]: told },
    rolesOverrideDirectory: false,
    updatedAt: at,
  })
}

/** Sorted, each once. */
function parseGroups(groups: readonly string[]): readonly string[] {
  const most = limits.directoryGroupsPerMembership
  if (!Array.isArray(groups) || groups.length > most)
    throw new InputInvalid('groups', `must be an array of at most ${most} group names`, groups)
  return [...new Set(groups.map((group) => parseName(group, 'groups')))].sort()
}
