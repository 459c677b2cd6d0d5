import { EntityNotFound, type OrganizationId } from '@bailiwick/core'
import { getRoleOrder, type RoleOrderJson, setRoleOrder } from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'
import { type Route, route, type Service } from '../http/route.js'

/** The default role and the priority that hold in an organization. */
export function roleOrderRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(getRoleOrder, async ({ params }) => ({ body: await orderOf(engine, params.organization_id) })),
    route(setRoleOrder, async ({ params, body }, context) => {
      const { organization_id: id } = params
      const { token } = await engineFor(context).setRoleOrder(id, {
        ...(body.default_role_slug === undefined ? {} : { defaultRole: body.default_role_slug }),
        ...(body.priority === undefined ? {} : { priority: body.priority }),
      })
      return { body: await orderOf(engine, id), token }
    }),
  ]
}

async function orderOf(engine: ReadingEngine, id: OrganizationId): Promise<RoleOrderJson> {
  if ((await engine.getOrganization(id)) === undefined) throw new EntityNotFound('organization', id)
  const [{ defaultRole, priority }, own] = await Promise.all([
    engine.getRoleOrder(id),
    engine.listOrganizationRoles(id),
  ])
  return {
    object: 'role_order',
    organization_id: id,
    own: own.length > 0,
    default_role_slug: defaultRole,
    priority: [...priority],
  }
}
