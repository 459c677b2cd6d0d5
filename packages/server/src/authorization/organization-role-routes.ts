import { EntityNotFound, type OrganizationRole, type Written } from '@bailiwick/core'
import {
  addOrganizationRolePermission,
  createOrganizationRole,
  deleteOrganizationRole,
  getOrganizationRole,
  listOrganizationRoles,
  parseNewOrganizationRole,
  parseRoleChanges,
  removeOrganizationRolePermission,
  renderOrganizationRole,
  renderRole,
  renderRoles,
  setOrganizationRolePermissions,
  updateOrganizationRole,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { rolesInOrganization } from './roles-in-organization.js'

/** Roles as one organization has them: its own, and those that it shares with all. */
export function organizationRoleRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createOrganizationRole, async ({ params, body }, context) =>
      written(
        await engineFor(context).createOrganizationRole(
          parseNewOrganizationRole(body, params.organization_id),
        ),
      ),
    ),
    route(listOrganizationRoles, async ({ params }) => ({
      body: renderRoles(await rolesInOrganization(engine, params.organization_id)),
    })),
    route(getOrganizationRole, async ({ params }) => {
      const roles = await rolesInOrganization(engine, params.organization_id)
      const role = roles.find(({ slug }) => slug === params.slug)
      if (role === undefined) throw new EntityNotFound('role', params.slug)
      return { body: renderRole(role) }
    }),
    route(updateOrganizationRole, async ({ params, body }, context) =>
      written(
        await engineFor(context).updateOrganizationRole(
          params.organization_id,
          params.slug,
          parseRoleChanges(body),
        ),
      ),
    ),
    route(deleteOrganizationRole, async ({ params }, context) => {
      const { token } = await engineFor(context).deleteOrganizationRole(params.organization_id, params.slug)
      return { body: undefined, token }
    }),
    route(setOrganizationRolePermissions, async ({ params, body }, context) =>
      written(await engineFor(context).updateOrganizationRole(params.organization_id, params.slug, body)),
    ),
    route(addOrganizationRolePermission, async ({ params, body }, context) =>
      written(
        await engineFor(context).updateOrganizationRole(params.organization_id, params.slug, {
          permissions: { add: [body.slug] },
        }),
      ),
    ),
    route(removeOrganizationRolePermission, async ({ params }, context) => {
      const { slug } = await engine.getPermission(params.permission_slug)
      return written(
        await engineFor(context).updateOrganizationRole(params.organization_id, params.slug, {
          permissions: { remove: [slug] },
        }),
      )
    }),
  ]
}

function written({ value, token }: Written<OrganizationRole>) {
  return { body: renderOrganizationRole(value), token }
}
