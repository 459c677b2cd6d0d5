import type { AuthorizationEngine, OrganizationId, OrganizationRole, Written } from '@bailiwick/core'
import { parseOrganizationRole, roleJson, setOrganizationRolePermissions } from '@bailiwick/wire'
import { remoteOrganizationRoles } from '../areas/organization-roles.js'
import type { Service } from '../service.js'
import { lacks } from './missing.js'

type Roles = ReturnType<typeof remoteOrganizationRoles>

/** Roles that one organization has made for itself, of WorkOS's own service: their permissions go by themselves. */
export function workosRoles(service: Service): Roles {
  const roles = remoteOrganizationRoles(service)
  const permit = (
    organizationId: OrganizationId,
    slug: string,
    permissions: readonly string[],
  ): Promise<Written<OrganizationRole>> =>
    service.write(
      {
        operation: setOrganizationRolePermissions,
        params: { organization_id: organizationId, slug },
        body: { permissions },
        read: (json) => parseOrganizationRole(roleJson.parse(json), organizationId),
      },
      organizationId,
    )
  return {
    ...roles,
    async createOrganizationRole({ permissions, ...role }) {
      const written = await roles.createOrganizationRole(role)
      if (permissions === undefined || permissions.length === 0) return written
      return permit(role.organizationId, written.value.slug, permissions)
    },
    async updateOrganizationRole(organizationId, slug, { permissions, ...to }) {
      if (permissions === undefined || !('length' in permissions)) {
        const edit = permissions === undefined ? to : { ...to, permissions }
        return roles.updateOrganizationRole(organizationId, slug, edit)
      }
      if (Object.keys(to).length > 0) await roles.updateOrganizationRole(organizationId, slug, to)
      return permit(organizationId, slug, permissions)
    },
    setRoleOrder: lacks('roleOrder', 'setRoleOrder') satisfies AuthorizationEngine['setRoleOrder'],
  }
}
