import type { OrganizationId, OrganizationRole, PermissionEdit, Written } from '@bailiwick/core'
import {
  addOrganizationRolePermission,
  parseOrganizationRole,
  removeOrganizationRolePermission,
  roleJson,
} from '@bailiwick/wire'
import type { Service } from '../service.js'

/**
 * Give a role of an organization some permissions more, or take some, one by one: so that what somebody else adds at
 * the same time stays.
 *
 * @returns The role after the last of them; `undefined` when there was none.
 */
export async function editPermissions(
  service: Service,
  organizationId: OrganizationId,
  slug: string,
  edit: Exclude<PermissionEdit, readonly string[]>,
): Promise<Written<OrganizationRole> | undefined> {
  const params = { organization_id: organizationId, slug }
  const read = (json: unknown) => parseOrganizationRole(roleJson.parse(json), organizationId)
  let written: Written<OrganizationRole> | undefined
  for (const permission of 'add' in edit ? edit.add : edit.remove) {
    const call =
      'add' in edit
        ? { operation: addOrganizationRolePermission, params, body: { slug: permission }, read }
        : {
            operation: removeOrganizationRolePermission,
            params: { ...params, permission_slug: permission },
            read,
          }
    written = await service.write(call, organizationId)
  }
  return written
}
