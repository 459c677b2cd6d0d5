import {
  type Change,
  InputInvalid,
  NoOrganizationRoles,
  type OrganizationId,
  type OrganizationRoleRecord,
  type RoleId,
  type RoleOrderRecord,
  rootType,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import type { Command } from './command.js'
import { requireOrganization, requireOrganizationLevelRole } from './find.js'

/**
 * Set an organization's own default role and priority. Roles that the priority does not name keep their order,
 * after the named ones.
 *
 * @throws {NoOrganizationRoles} while it has no role of its own.
 */
export function setRoleOrder(
  organizationId: OrganizationId,
  to: { readonly defaultRole?: string | null; readonly priority?: readonly string[] },
): Command<undefined> {
  return (graph) => {
    requireOrganization(graph, organizationId)
    const { roleOrder } = graph
    if (graph.roles.size === 0 || roleOrder === undefined) throw new NoOrganizationRoles(organizationId)
    const idOf = (slug: string) => graph.roles.role(requireOrganizationLevelRole(graph, slug)).id
    const { defaultRole, priority = [] } = to
    if (!Array.isArray(priority))
      throw new InputInvalid('priority', 'must be an array of role slugs', priority)
    const defaultRoleId =
      defaultRole === undefined ? roleOrder.defaultRoleId : defaultRole === null ? null : idOf(defaultRole)
    const known = roleOrder.priority.filter((id) => graph.roles.byId(id) !== none)
    const entity: RoleOrderRecord = {
      id: organizationId,
      defaultRoleId,
      priority: [...new Set([...priority.map(idOf), ...known])],
    }
    return { changes: [{ op: 'put', kind: 'role_order', entity }], value: undefined }
  }
}

/** The order with a new role in it: made with the organization's first one, from what held until then. */
export function orderWith(
  graph: OrganizationGraph,
  organizationId: OrganizationId,
  role: OrganizationRoleRecord,
): readonly Change[] {
  const known = graph.roleOrder ?? modelOrder(graph, organizationId)
  const ranked = role.on === rootType
  if (!ranked && known === graph.roleOrder) return []
  const entity = ranked ? { ...known, priority: [...known.priority, role.id] } : known
  return [{ op: 'put', kind: 'role_order', entity }]
}

/** The order without a role. With an organization's last one its own order goes: the model's holds again. */
export function orderWithout(
  { roleOrder, roles }: OrganizationGraph,
  organizationId: OrganizationId,
  role: RoleId,
): readonly Change[] {
  if (roleOrder === undefined) return []
  if (roles.size === 1) return [{ op: 'remove', kind: 'role_order', id: organizationId }]
  if (!roleOrder.priority.includes(role)) return []
  const entity = { ...roleOrder, priority: roleOrder.priority.filter((id) => id !== role) }
  return [{ op: 'put', kind: 'role_order', entity }]
}

function modelOrder({ environment, roles }: OrganizationGraph, id: OrganizationId): RoleOrderRecord {
  const idOf = (slug: string) => roles.role(roles.bySlug(slug)).id
  const { defaultRole, rolePriority } = environment.model
  return {
    id,
    defaultRoleId: defaultRole === undefined ? null : idOf(defaultRole),
    priority: rolePriority.map(idOf),
  }
}
