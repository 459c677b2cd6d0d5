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
export function resourceTypeRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createResourceType, async ({ body }, context) => {
      const { slug, name, description, parent_type_slugs: parents, agent } = body
      return written(
        await engineFor(context).createResourceType({
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
    route(updateResourceType, async ({ params, body }, context) =>
      written(await engineFor(context).updateResourceType(params.slug, parseRenaming(body))),
    ),
    route(addParentType, async ({ params, body }, context) =>
      written(await engineFor(context).addParentType(params.slug, body.parent_type_slug)),
    ),
    route(deleteResourceType, async ({ params }, context) => {
      const { token } = await engineFor(context).deleteResourceType(params.slug)
      return { body: undefined, token }
    }),
  ]
}

function written({ value, token }: Written<ResourceTypeEntity>) {
  return { body: renderResourceType(value), token }
}
