import type { ModelDefinition, RoleDefinition } from '@bailiwick/core'
import type { Facts } from '../facts.js'
import type { Random } from './random.js'

/**
 * The next release of the application: roles hold other permissions, one permission is gone, so is a role that
 * nobody holds, and perhaps one role counts at a time where several did.
 */
export function changedModel(random: Random, model: ModelDefinition, facts: Facts): ModelDefinition {
  const goneRole = random.pick(Object.keys(model.roles).filter((slug) => !isHeld(facts, slug)))
  const gonePermission = random.pick(
    Object.keys(model.permissions).filter(
      (slug) => !facts.exclusions.some(({ permission }) => permission === slug),
    ),
  )
  const roles = Object.entries(model.roles).filter(([slug]) => slug !== goneRole)
  return {
    ...model,
    roleMode: random.chance(0.5) ? 'single' : 'multiple',
    rolePriority: (model.rolePriority ?? []).filter((slug) => slug !== goneRole),
    permissions: Object.fromEntries(
      Object.entries(model.permissions).filter(([slug]) => slug !== gonePermission),
    ),
    roles: Object.fromEntries(
      roles.map(([slug, role]) => [slug, changedRole(random, role, model, gonePermission)]),
    ),
  }
}

function isHeld(facts: Facts, slug: string): boolean {
  return (
    facts.defaultRole === slug ||
    facts.memberships.some(({ roles }) => roles.includes(slug)) ||
    facts.assignments.some(({ role }) => role === slug) ||
    facts.mappings.some(({ role }) => role === slug) ||
    facts.roleOrders.some(({ defaultRole }) => defaultRole === slug)
  )
}

function changedRole(
  random: Random,
  role: RoleDefinition,
  model: ModelDefinition,
  gonePermission: string | undefined,
): RoleDefinition {
  const kept = role.permissions.filter((slug) => slug !== gonePermission)
  if (random.chance(0.6)) return { ...role, permissions: kept }
  const ofItsType = Object.entries(model.permissions)
    .filter(([slug, on]) => on === role.on && slug !== gonePermission)
    .map(([slug]) => slug)
  const lost = random.some(kept, 2)
  return {
    ...role,
    permissions: [...kept.filter((slug) => !lost.includes(slug)), ...random.some(ofItsType, 2)],
  }
}
