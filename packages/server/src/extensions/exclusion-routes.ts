import { EntityNotFound } from '@bailiwick/core'
import {
  createExclusion,
  deleteExclusion,
  getExclusion,
  listExclusions,
  pageOf,
  parseResourceRef,
  parseSubjectRef,
  renderExclusion,
  renderList,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { pageOfAll } from './page-of-all.js'

/** Single permissions denied, or granted without a role. */
export function exclusionRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createExclusion, async ({ params, body }, context) => {
      const resource = parseResourceRef(body)
      const { value, token } = await engineFor(context).createExclusion({
        organizationId: params.organization_id,
        subject: parseSubjectRef(body),
        permission: body.permission_slug,
        ...(body.effect === undefined ? {} : { effect: body.effect }),
        ...(resource === undefined ? {} : { resource }),
      })
      return { body: renderExclusion(value), token }
    }),
    route(listExclusions, async ({ params, query }) => {
      const exclusions = await engine.listExclusions(params.organization_id)
      return { body: renderList(pageOfAll(exclusions, pageOf(query)), renderExclusion, query) }
    }),
    route(getExclusion, async ({ params }) => {
      const exclusions = await engine.listExclusions(params.organization_id)
      const exclusion = exclusions.find(({ id }) => id === params.exclusion_id)
      if (exclusion === undefined) throw new EntityNotFound('exclusion', params.exclusion_id)
      return { body: renderExclusion(exclusion) }
    }),
    route(deleteExclusion, async ({ params }, context) => {
      const { token } = await engineFor(context).deleteExclusion(params.organization_id, params.exclusion_id)
      return { body: undefined, token }
    }),
  ]
}
