import type { AuthorizationEngine, OrganizationId } from '@bailiwick/core'
import {
  createOrganizationRole,
  deleteOrganizationRole,
  listOrganizationRoles,
  parseOrganizationRole,
  roleJson,
  setRoleOrder,
  updateOrganizationRole,
} from '@bailiwick/wire'
import type { Service } from '../service.js'
import { editPermissions } from './edit-permissions.js'
import { orEmpty } from './finding.js'

type OrganizationRoles = Pick<
  AuthorizationEngine,
  | 'listOrganizationRoles'
  | 'createOrganizationRole'
  | 'updateOrganizationRole'
  | 'deleteOrganizationRole'
  | 'setRoleOrder'
>

const readFor = (organizationId: OrganizationId) => (json: unknown) =>
  parseOrganizationRole(roleJson.parse(json), organizationId)

/** Roles that one organization has made for itself, of a service elsewhere. */
export function remoteOrganizationRoles(service: Service): OrganizationRoles {
  const update = (organizationId: OrganizationId, slug: string, body: unknown) =>
    service.write(
      {
        operation: updateOrganizationRole,
        params: { organization_id: organizationId, slug },
        body,
        read: readFor(organizationId),
      },
      organizationId,
    )

  return {
    listOrganizationRoles: (organizationId) =>
      orEmpty(
        service.ask(
          {
            operation: listOrganizationRoles,
            params: { organization_id: organizationId },
            read: (json) =>
              listOrganizationRoles.schemas.answer
                .parse(json)
                .data.filter(({ type }) => type === 'OrganizationRole')
                .map((role) => parseOrganizationRole(role, organizationId))
                // The service lists them by priority, and ids are in the order in which they were made.
                .sort((one, other) => (one.id < other.id ? -1 : 1)),
          },
          organizationId,
        ),
      ),

    createOrganizationRole: ({ organizationId, name, slug, on, description, permissions }) =>
      service.write(
        {
          operation: createOrganizationRole,
          params: { organization_id: organizationId },
          body: { name, slug, description, resource_type_slug: on, permissions },
          read: readFor(organizationId),
        },
        organizationId,
      ),

    async updateOrganizationRole(organizationId, slug, { permissions, ...to }) {
      if (permissions === undefined || 'length' in permissions)
        return update(organizationId, slug, { ...to, permissions })
      const renamed = await update(organizationId, slug, to)
      return (await editPermissions(service, organizationId, slug, permissions)) ?? renamed
    },

    deleteOrganizationRole: (organizationId, slug) =>
      service.write(
        {
          operation: deleteOrganizationRole,
          params: { organization_id: organizationId, slug },
          read: () => undefined,
        },
        organizationId,
      ),

    setRoleOrder: (organizationId, { defaultRole, priority }) =>
      service.write(
        {
          operation: setRoleOrder,
          params: { organization_id: organizationId },
          body: { default_role_slug: defaultRole, priority },
          read: () => undefined,
        },
        organizationId,
      ),
  }
}
