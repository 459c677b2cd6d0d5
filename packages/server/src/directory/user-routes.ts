import { EntityNotFound, type User, type Written } from '@bailiwick/core'
import {
  createUser,
  deleteUser,
  getUser,
  getUserByExternalId,
  listUsers,
  pageOf,
  parseNewUser,
  parseUserChanges,
  renderList,
  renderUser,
  updateUser,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'

/** People, in all organizations. */
export function userRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createUser, async ({ body }, context) =>
      written(await engineFor(context).createUser(parseNewUser(body))),
    ),
    route(listUsers, async ({ query }) => {
      const { email, organization_id: organizationId } = query
      const filter = { ...(email && { email }), ...(organizationId && { organizationId }) }
      return { body: renderList(await engine.listUsers(filter, pageOf(query)), renderUser, query) }
    }),
    route(getUser, async ({ params }) => {
      const user = await engine.findUser({ id: params.user_id })
      return { body: renderUser(existing(user, params.user_id)) }
    }),
    route(getUserByExternalId, async ({ params }) => {
      const user = await engine.findUser({ externalId: params.external_id })
      return { body: renderUser(existing(user, params.external_id)) }
    }),
    route(updateUser, async ({ params, body }, context) =>
      written(await engineFor(context).updateUser(params.user_id, parseUserChanges(body))),
    ),
    route(deleteUser, async ({ params }, context) => {
      const { token } = await engineFor(context).deleteUser(params.user_id)
      return { body: {}, token }
    }),
  ]
}

function written({ value, token }: Written<User>) {
  return { body: renderUser(value), token }
}

function existing(user: User | undefined, ref: string): User {
  if (user === undefined) throw new EntityNotFound('user', ref)
  return user
}
