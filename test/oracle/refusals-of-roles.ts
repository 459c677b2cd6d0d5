import type { OrganizationId } from '@bailiwick/core'
import type { CommandOf } from './command.js'
import type { Facts } from './facts.js'
import { find } from './find.js'
import { malformed, organizationRole } from './refusals.js'

type RoleCommand = CommandOf<
  'createOrganizationRole' | 'updateOrganizationRole' | 'deleteOrganizationRole' | 'setRoleOrder'
>

/** Every rule that a change of an organization's own roles breaks. */
export function roleRefusals(facts: Facts, command: RoleCommand): readonly string[] {
  const { organizationId: id } = command
  switch (command.do) {
    case 'createOrganizationRole': {
      const { slug, on = 'organization' } = command
      const misshapen = malformed(command)
      if (misshapen.length > 0) return misshapen
      return [
        ...(slug !== undefined && find.role(facts, id, slug) !== undefined ? ['role_exists'] : []),
        ...(facts.types.some((type) => type.slug === on) ? [] : ['resource_type_unknown']),
        ...unfitPermissions(facts, on, command.permissions),
      ]
    }
    case 'updateOrganizationRole': {
      const role = find.ownRole(facts, id, command.slug)
      return role === undefined ? ['role_not_found'] : unfitPermissions(facts, role.on, command.permissions)
    }
    case 'deleteOrganizationRole':
      if (find.ownRole(facts, id, command.slug) === undefined) return ['role_not_found']
      return isInUse(facts, id, command.slug) ? ['role_in_use'] : []
    case 'setRoleOrder': {
      const { defaultRole, priority = [] } = command
      const named = [...(typeof defaultRole === 'string' ? [defaultRole] : []), ...priority]
      return [
        ...(facts.ownRoles.some(({ organizationId }) => organizationId === id)
          ? []
          : ['no_organization_roles']),
        ...named.flatMap((slug) => organizationRole(facts, id, slug)),
      ]
    }
  }
}

/** A role holds permissions of its own type and of the types below it. */
function unfitPermissions(facts: Facts, on: string, slugs: readonly string[]): readonly string[] {
  return slugs.flatMap((slug) => {
    const permission = facts.permissions.find((known) => known.slug === slug)
    if (permission === undefined) return ['permission_unknown']
    return liesUnder(facts, permission.on, on) ? [] : ['input_invalid']
  })
}

function liesUnder(facts: Facts, type: string, above: string): boolean {
  const parents = facts.types.find(({ slug }) => slug === type)?.parents ?? []
  return type === above || parents.some((parent) => liesUnder(facts, parent, above))
}

function isInUse(facts: Facts, id: OrganizationId, slug: string): boolean {
  const isOurs = (each: { readonly organizationId: OrganizationId; readonly role: string }) =>
    each.organizationId === id && each.role === slug
  return (
    facts.memberships.some(({ organizationId, roles }) => organizationId === id && roles.includes(slug)) ||
    facts.assignments.some(isOurs) ||
    facts.mappings.some(isOurs) ||
    facts.roleOrders.some(({ organizationId, defaultRole }) => organizationId === id && defaultRole === slug)
  )
}

/** Whether a role of an organization is to have a slug that only a role of the model may have. */
export function isBadSlug({ slug }: { readonly slug?: string }): boolean {
  return slug !== undefined && !/^org-./.test(slug)
}
