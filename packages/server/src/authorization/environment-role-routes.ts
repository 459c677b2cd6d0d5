import type { EnvironmentRole, Written } from '@bailiwick/core'
import {
  addEnvironmentRolePermission,
  createEnvironmentRole,
  deleteEnvironmentRole,
  getEnvironmentRole,
  listEnvironmentRoles,
  parseNewEnvironmentRole,
  parseRoleChanges,
  removeEnvironmentRolePermission,
  renderEnvironmentRole,
  renderRoles,
  setEnvironmentRolePermissions,
  updateEnvironmentRole,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'

/** Roles that all organizations share. */
export function environmentRoleRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createEnvironmentRole, async ({ body }, context) =>
      written(await engineFor(context).createRole(parseNewEnvironmentRole(body))),
    ),
    route(listEnvironmentRoles, async () => ({
      body: renderRoles(await engine.listRoles()),
    })),
    route(getEnvironmentRole, async ({ params }) => ({
      body: renderEnvironmentRole(await engine.getRole(params.slug)),
    })),
    route(updateEnvironmentRole, async ({ params, body }, context) =>
      written(await engineFor(context).updateRole(params.slug, parseRoleChanges(body))),
    ),
    route(deleteEnvironmentRole, async ({ params }, context) => {
      const { token } = await engineFor(context).deleteRole(params.slug)
      return { body: undefined, token }
    }),
    route(setEnvironmentRolePermissions, async ({ params, body }, context) =>
      written(await engineFor(context).updateRole(params.slug, { permissions: body.permissions })),
    ),
    route(addEnvironmentRolePermission, async ({ params, body }, context) =>
      written(await engineFor(context).updateRole(params.slug, { permissions: { add: [body.slug] } })),
    ),
    route(removeEnvironmentRolePermission, async ({ params }, context) => {
      const { slug } = await engine.getPermission(params.permission_slug)
      return written(await engineFor(context).updateRole(params.slug, { permissions: { remove: [slug] } }))
    }),
  ]
}

function written({ value, token }: Written<EnvironmentRole>) {
  return { body: renderEnvironmentRole(value), token }
}
