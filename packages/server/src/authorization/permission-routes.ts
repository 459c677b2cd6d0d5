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
export function permissionRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createPermission, async ({ body }, context) => {
      const { value, token } = await engineFor(context).createPermission(parseNewPermission(body))
      return { body: renderPermission(value), token }
    }),
    route(listPermissions, async ({ query }) => {
      const page = await engine.listPermissions(pageOf(query))
      return { body: renderList(page, renderPermission, query) }
    }),
    route(getPermission, async ({ params }) => ({
      body: renderPermission(await engine.getPermission(params.slug)),
    })),
    route(updatePermission, async ({ params, body }, context) => {
      const { value, token } = await engineFor(context).updatePermission(params.slug, parseRenaming(body))
      return { body: renderPermission(value), token }
    }),
    route(deletePermission, async ({ params }, context) => {
      const { token } = await engineFor(context).deletePermission(params.slug)
      return { body: undefined, token }
    }),
  ]
}
