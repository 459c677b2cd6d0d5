import type { CommandOf } from './command.js'
import type { Facts, OwnRoleFact, RoleOrderFact } from './facts.js'
import { priorityOf } from './holdings.js'

type RoleCommand = CommandOf<
  'createOrganizationRole' | 'updateOrganizationRole' | 'deleteOrganizationRole' | 'setRoleOrder'
>

/** What is true after an organization has changed its own roles, or their order. */
export function applyToOwnRole(facts: Facts, command: RoleCommand, madeSlug: string | undefined): Facts {
  const { organizationId } = command
  const isOurs = (role: OwnRoleFact, slug: string) =>
    role.organizationId === organizationId && role.slug === slug
  switch (command.do) {
    case 'createOrganizationRole': {
      const slug = command.slug ?? madeSlug
      if (slug === undefined) throw new Error('a role was made, but its slug was not passed on')
      const { on = 'organization', permissions } = command
      const role: OwnRoleFact = { organizationId, slug, on, permissions: [...new Set(permissions)] }
      const order = orderOf(facts, organizationId) ?? {
        organizationId,
        defaultRole: facts.defaultRole,
        priority: priorityOf(facts, organizationId),
      }
      const priority = on === 'organization' ? [...order.priority, slug] : order.priority
      return withOrder({ ...facts, ownRoles: [...facts.ownRoles, role] }, { ...order, priority })
    }
    case 'updateOrganizationRole':
      return {
        ...facts,
        ownRoles: facts.ownRoles.map((role) =>
          isOurs(role, command.slug) ? { ...role, permissions: [...new Set(command.permissions)] } : role,
        ),
      }
    case 'deleteOrganizationRole': {
      const left = { ...facts, ownRoles: facts.ownRoles.filter((role) => !isOurs(role, command.slug)) }
      const order = orderOf(facts, organizationId)
      // With its last own role, an organization's own order goes.
      if (order === undefined || !left.ownRoles.some((role) => role.organizationId === organizationId)) {
        return { ...left, roleOrders: others(facts, organizationId) }
      }
      return withOrder(left, { ...order, priority: order.priority.filter((slug) => slug !== command.slug) })
    }
    case 'setRoleOrder': {
      const order = orderOf(facts, organizationId)
      if (order === undefined) throw new Error('there is no order to set: refusals were not asked first')
      const { defaultRole = order.defaultRole ?? null, priority = [] } = command
      return withOrder(facts, {
        organizationId,
        defaultRole: defaultRole ?? undefined,
        priority: [...new Set([...priority, ...order.priority])],
      })
    }
  }
}

function orderOf(facts: Facts, id: string): RoleOrderFact | undefined {
  return facts.roleOrders.find(({ organizationId }) => organizationId === id)
}

function others(facts: Facts, id: string): readonly RoleOrderFact[] {
  return facts.roleOrders.filter(({ organizationId }) => organizationId !== id)
}

function withOrder(facts: Facts, order: RoleOrderFact): Facts {
  return { ...facts, roleOrders: [...others(facts, order.organizationId), order] }
}
