import type { GroupId } from '@bailiwick/core'
import type { Telling } from './telling.js'

/**
 * The organization's own roles, its memberships and its groups.
 *
 * @returns the engine's ids of the groups, by name.
 */
export async function tellPeople(telling: Telling): Promise<ReadonlyMap<string, GroupId>> {
  await tellOwnRoles(telling)
  await tellMemberships(telling)
  return tellGroups(telling)
}

async function tellOwnRoles({ engine, organization, world, random }: Telling): Promise<void> {
  const organizationId = organization.id
  for (const { slug, on, permissions } of organization.roles) {
    // What a role may hold depends on its type, so the detour holds less and never something else.
    const atFirst = random.chance(0.5) ? permissions : random.some(permissions, 1)
    await engine.createOrganizationRole({ organizationId, name: slug, slug, on, permissions: atFirst })
    await engine.updateOrganizationRole(organizationId, slug, { permissions })
    if (random.chance(0.3)) {
      const passing = { organizationId, name: 'passing', slug: 'org-passing', on: 'organization' }
      await engine.createOrganizationRole({ ...passing, permissions: Object.keys(world.model.permissions) })
      await engine.deleteOrganizationRole(organizationId, 'org-passing')
    }
  }
}

async function tellMemberships({ engine, organization, random }: Telling): Promise<void> {
  const organizationId = organization.id
  for (const { id, active, roles, directoryGroups } of organization.memberships) {
    const status = active ? 'active' : 'inactive'
    const isDetour = random.chance(0.4)
    await engine.createMembership({
      organizationId,
      id,
      userId: `user of ${id}`,
      roles: isDetour ? [] : roles,
      status: isDetour ? 'active' : status,
    })
    const ref = { membershipId: id }
    if (isDetour) {
      await engine.setMembershipStatus(organizationId, ref, 'inactive')
      await engine.setMembershipStatus(organizationId, ref, status)
      await engine.setMembershipRoles(organizationId, ref, roles)
    }
    if (directoryGroups.length === 0) continue
    if (isDetour) await engine.syncDirectoryGroups(organizationId, ref, ['passing'], 'directory')
    await engine.syncDirectoryGroups(organizationId, ref, directoryGroups, 'directory')
  }
}

async function tellGroups({ engine, organization, random }: Telling): Promise<ReadonlyMap<string, GroupId>> {
  const organizationId = organization.id
  const ids = new Map<string, GroupId>()
  for (const { name, members } of organization.groups) {
    const { id } = (await engine.createGroup({ organizationId, name })).value
    ids.set(name, id)
    const passing = organization.memberships.filter(
      (membership) => !members.includes(membership.id) && random.chance(0.3),
    )
    for (const membershipId of [...passing.map((membership) => membership.id), ...members])
      await engine.addGroupMember(organizationId, id, { membershipId })
    for (const membership of passing)
      await engine.removeGroupMember(organizationId, id, { membershipId: membership.id })
  }
  return ids
}
