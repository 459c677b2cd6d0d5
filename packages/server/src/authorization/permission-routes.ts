import {
  createPermission,
  deletePermission,
  getPermission,
  listPermissions,
  pageOf,
  parseNewPermission,
  parseRenaming,
  renderList,
  renderPermission,
  updatePermission,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'

/** Permissions of the environment. */
export function permissionRoutes({ engine }: Service): readonly Route[] {
  return [
    route(createPermission, async ({ body }) => {
      const { value, token } = await engine.createPermission(parseNewPermission(body))
      return { body: renderPermission(value), token }
    }),
    route(listPermissions, async ({ query }) => {
      const page = await engine.listPermissions(pageOf(query))
      return { body: renderList(page, renderPermission, query) }
    }),
    route(getPermission, async ({ params }) => ({
      body: renderPermission(await engine.getPermission(params.slug)),
    })),
    route(updatePermission, async ({ params, body }) => {
      const { value, token } = await engine.updatePermission(params.slug, parseRenaming(body))
      return { body: renderPermission(value), token }
    }),
    route(deletePermission, async ({ params }) => {
      const { token } = await engine.deletePermission(params.slug)
      return { body: undefined, token }
    }),
  ]
}
