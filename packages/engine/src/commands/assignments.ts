import {
  type Assignment,
  type AssignmentId,
  type AssignmentRecord,
  EntityNotFound,
  type OrganizationId,
  type RoleAssignment,
  RoleTypeMismatch,
} from '@bailiwick/core'
import { newId } from '../new-id.js'
import type { Command } from './command.js'
import { requireMembership, requireOrganization, requireResource } from './find.js'

/** Give a role on a resource of the role's own type. Giving it twice yields the assignment that is there. */
export function assignRole(input: RoleAssignment): Command<Assignment> {
  const { organizationId, subject } = input
  return (graph, { at, ulid }) => {
    const { root } = requireOrganization(graph, organizationId)
    const membership = requireMembership(graph, subject)
    const role = graph.environment.roleBySlug(input.role)
    const resource = input.resource === undefined ? root : requireResource(graph, input.resource)
    if (role.on !== resource.entity.type) throw new RoleTypeMismatch(role.slug, role.on, resource.entity.type)
    const held = membership.assignments.get(resource)?.find(({ entity }) => entity.roleId === role.id)
    const entity: AssignmentRecord = held?.entity ?? {
      id: newId<AssignmentId>('assignment', ulid),
      organizationId,
      membershipId: membership.entity.id,
      resourceId: resource.entity.id,
      roleId: role.id,
      createdAt: at,
      updatedAt: at,
    }
    const { roleId: _, ...rest } = entity
    return {
      changes: held === undefined ? [{ op: 'put', kind: 'assignment', entity }] : [],
      value: { ...rest, role: role.slug },
    }
  }
}

/** Take a role back. */
export function removeAssignment(organizationId: OrganizationId, id: AssignmentId): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    const assignment = graph.findAssignment(id)
    if (assignment === undefined) throw new EntityNotFound('assignment', id)
    return { changes: [{ op: 'remove', kind: 'assignment', entity: assignment.entity }], value: undefined }
  }
}
