import type { OrganizationId } from '@bailiwick/core'
import type { Command } from '../command.js'
import type { Facts } from '../facts.js'
import type { Random } from './random.js'

// Few, so that what is removed is soon made again.
const slugs = ['org-admin', 'org-auditor', 'org-builder', 'org-constructor'] as const

export function createOrganizationRole(
  random: Random,
  facts: Facts,
  organizationId: OrganizationId,
): Command {
  const on = random.chance(0.4) ? 'organization' : random.pick(facts.types)?.slug
  const slug = random.weighted([
    [8, random.pick(slugs)],
    [1, undefined],
    [0.2, 'admin'],
  ])
  return {
    do: 'createOrganizationRole',
    organizationId,
    name: 'Made Here',
    ...(slug === undefined ? {} : { slug }),
    ...(on === undefined || random.chance(0.05) ? {} : { on }),
    permissions: somePermissions(random, facts, on),
  }
}

export function updateOrganizationRole(
  random: Random,
  facts: Facts,
  organizationId: OrganizationId,
): Command {
  const role = someOwnRole(random, facts, organizationId)
  return {
    do: 'updateOrganizationRole',
    organizationId,
    slug: role?.slug ?? random.pick(slugs),
    permissions: somePermissions(random, facts, role?.on),
  }
}

export function deleteOrganizationRole(
  random: Random,
  facts: Facts,
  organizationId: OrganizationId,
): Command {
  const slug = someOwnRole(random, facts, organizationId)?.slug ?? random.pick(slugs)
  return { do: 'deleteOrganizationRole', organizationId, slug }
}

export function setRoleOrder(random: Random, facts: Facts, organizationId: OrganizationId): Command {
  const own = facts.ownRoles.filter((role) => role.organizationId === organizationId)
  const ranked = [...facts.roles, ...own].filter(({ on }) => on === 'organization' || random.chance(0.02))
  const named = ranked.map(({ slug }) => slug)
  const defaultRole = random.weighted([
    [2, undefined],
    [1, null],
    [2, random.pick(named) ?? null],
  ])
  return {
    do: 'setRoleOrder',
    organizationId,
    ...(defaultRole === undefined ? {} : { defaultRole }),
    priority: random.some(named, random.between(0, 4)),
  }
}

function someOwnRole(random: Random, facts: Facts, organizationId: OrganizationId) {
  const here = facts.ownRoles.filter((role) => role.organizationId === organizationId)
  return random.pick(random.chance(0.95) ? here : facts.ownRoles)
}

/** Of the role's type and of the types below it, mostly. */
function somePermissions(random: Random, facts: Facts, on: string | undefined): readonly string[] {
  const fitting = facts.permissions.filter(
    (permission) => on === undefined || liesUnder(facts, permission.on, on) || random.chance(0.002),
  )
  return random.some(
    fitting.map(({ slug }) => slug),
    random.between(0, 8),
  )
}

function liesUnder(facts: Facts, type: string, above: string): boolean {
  const parents = facts.types.find(({ slug }) => slug === type)?.parents ?? []
  return type === above || parents.some((parent) => liesUnder(facts, parent, above))
}
