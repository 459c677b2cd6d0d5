import {
  createResource,
  deleteResource,
  deleteResourceByExternalId,
  getResource,
  getResourceByExternalId,
  parseNewResource,
  parseResourceChanges,
  renderResource,
  updateResource,
  updateResourceByExternalId,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { byExternalId, byId, requireResource } from './resource-places.js'

/** Resources one by one, by our id and by the application's own. */
export function resourceRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createResource, async ({ body }, context) => {
      const { value, token } = await engineFor(context).createResource(parseNewResource(body))
      return { body: renderResource(value), token }
    }),
    route(getResource, async ({ params }) => {
      const { organizationId, ref } = await byId(engine, params.resource_id)
      return { body: renderResource(await requireResource(engine, organizationId, ref)) }
    }),
    route(getResourceByExternalId, async ({ params }) => {
      const { organizationId, ref } = byExternalId(engine, params)
      return { body: renderResource(await requireResource(engine, organizationId, ref)) }
    }),
    route(updateResource, async ({ params, body }, context) => {
      const { organizationId, ref } = await byId(engine, params.resource_id)
      const changes = parseResourceChanges(body, organizationId)
      const { value, token } = await engineFor(context).updateResource(organizationId, ref, changes)
      return { body: renderResource(value), token }
    }),
    route(updateResourceByExternalId, async ({ params, body }, context) => {
      const { organizationId, ref } = byExternalId(engine, params)
      const changes = parseResourceChanges(body, organizationId)
      const { value, token } = await engineFor(context).updateResource(organizationId, ref, changes)
      return { body: renderResource(value), token }
    }),
    route(deleteResource, async ({ params, query }, context) => {
      const { organizationId, ref } = await byId(engine, params.resource_id)
      const cascade = query.cascade_delete ?? false
      const { token } = await engineFor(context).deleteResource(organizationId, ref, { cascade })
      return { body: undefined, token }
    }),
    route(deleteResourceByExternalId, async ({ params, query }, context) => {
      const { organizationId, ref } = byExternalId(engine, params)
      const cascade = query.cascade_delete ?? false
      const { token } = await engineFor(context).deleteResource(organizationId, ref, { cascade })
      return { body: undefined, token }
    }),
  ]
}
