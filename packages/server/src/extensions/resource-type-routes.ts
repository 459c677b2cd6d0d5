import { EntityNotFound, type ResourceTypeEntity, type Written } from '@bailiwick/core'
import {
  addParentType,
  createResourceType,
  deleteResourceType,
  getResourceType,
  listResourceTypes,
  parseRenaming,
  renderList,
  renderResourceType,
  updateResourceType,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'

/** The kinds of resources, piece by piece. */
export function resourceTypeRoutes({ engine }: Service): readonly Route[] {
  return [
    route(createResourceType, async ({ body }) => {
      const { slug, name, description, parent_type_slugs: parents, agent } = body
      return written(
        await engine.createResourceType({
          slug,
          ...(name === undefined ? {} : { name }),
          ...(description === undefined ? {} : { description }),
          ...(parents === undefined ? {} : { parents }),
          ...(agent === undefined ? {} : { agent }),
        }),
      )
    }),
    route(listResourceTypes, async () => {
      const whole = { items: await engine.listResourceTypes(), before: null, after: null }
      return { body: renderList(whole, renderResourceType, {}) }
    }),
    route(getResourceType, async ({ params }) => {
      const types = await engine.listResourceTypes()
      const type = types.find(({ slug }) => slug === params.slug)
      if (type === undefined) throw new EntityNotFound('resource_type', params.slug)
      return { body: renderResourceType(type) }
    }),
    route(updateResourceType, async ({ params, body }) =>
      written(await engine.updateResourceType(params.slug, parseRenaming(body))),
    ),
    route(addParentType, async ({ params, body }) =>
      written(await engine.addParentType(params.slug, body.parent_type_slug)),
    ),
    route(deleteResourceType, async ({ params }) => {
      const { token } = await engine.deleteResourceType(params.slug)
      return { body: undefined, token }
    }),
  ]
}

function written({ value, token }: Written<ResourceTypeEntity>) {
  return { body: renderResourceType(value), token }
}
