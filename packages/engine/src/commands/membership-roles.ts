import { InputInvalid, limits, MultipleRolesNotEnabled, type RoleId } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { requireOrganizationLevelRole } from './find.js'

/**
 * The roles that a membership is given by hand, by id in the order of their slugs.
 *
 * @throws {RoleUnknown}, {RoleTypeMismatch} for a role that is not held on the organization,
 *   {MultipleRolesNotEnabled} for more than one in single-role mode.
 */
export function membershipRoles(graph: OrganizationGraph, slugs: readonly string[]): readonly RoleId[] {
  if (!Array.isArray(slugs) || slugs.length > limits.rolesPerMembership) {
    throw new InputInvalid(
      'roles',
      `must be an array of at most ${limits.rolesPerMembership} role slugs`,
      slugs,
    )
  }
  const distinct = [...new Set(slugs)].sort()
  const roleIds = distinct.map((slug) => graph.roles.role(requireOrganizationLevelRole(graph, slug)).id)
  if (roleIds.length > 1 && graph.environment.model.roleMode === 'single')
    throw new MultipleRolesNotEnabled(roleIds.length)
  return roleIds
}
