import { EntityNotFound } from '@bailiwick/core'
import {
  applyDirectoryGroupEvent,
  createDirectoryMapping,
  deleteDirectoryMapping,
  getDirectoryMapping,
  listDirectoryMappings,
  pageOf,
  renderDirectoryMapping,
  renderList,
  syncDirectoryGroups,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { answerMembership } from './answer-membership.js'
import { membershipRefOf } from './membership-ref.js'
import { pageOfAll } from './page-of-all.js'
import { roleOnResource } from './role-on-resource.js'

/** What groups of the identity provider give, and who is in them. */
export function directoryRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createDirectoryMapping, async ({ params, body }, context) => {
      const { value, token } = await engineFor(context).createDirectoryMapping({
        organizationId: params.organization_id,
        directoryGroup: body.directory_group,
        ...roleOnResource(body),
      })
      return { body: renderDirectoryMapping(value), token }
    }),
    route(listDirectoryMappings, async ({ params, query }) => {
      const mappings = await engine.listDirectoryMappings(params.organization_id)
      return { body: renderList(pageOfAll(mappings, pageOf(query)), renderDirectoryMapping, query) }
    }),
    route(getDirectoryMapping, async ({ params }) => {
      const mappings = await engine.listDirectoryMappings(params.organization_id)
      const mapping = mappings.find(({ id }) => id === params.directory_mapping_id)
      if (mapping === undefined) throw new EntityNotFound('mapping', params.directory_mapping_id)
      return { body: renderDirectoryMapping(mapping) }
    }),
    route(deleteDirectoryMapping, async ({ params }, context) => {
      const { organization_id: id, directory_mapping_id: mappingId } = params
      const { token } = await engineFor(context).deleteDirectoryMapping(id, mappingId)
      return { body: undefined, token }
    }),
    route(syncDirectoryGroups, async ({ params, body }, context) => {
      const { value, token } = await engineFor(context).syncDirectoryGroups(
        params.organization_id,
        membershipRefOf(body),
        body.directory_groups,
        body.source,
      )
      return { body: await answerMembership(engine, value), token }
    }),
    route(applyDirectoryGroupEvent, async ({ params, body }, context) => {
      const { kind, directory_group: directoryGroup } = body
      const { value, token } = await engineFor(context).applyDirectoryGroupEvent(
        params.organization_id,
        membershipRefOf(body),
        { kind, directoryGroup },
      )
      return { body: await answerMembership(engine, value), token }
    }),
  ]
}
