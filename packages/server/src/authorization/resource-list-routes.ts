import { InputInvalid, type OrganizationId, type ResourceRef } from '@bailiwick/core'
import {
  defined,
  FilterMissing,
  listResources,
  pageOf,
  parseParentFilter,
  renderList,
  renderResource,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { requireOrganization } from './require-organization.js'

/** Resources by what is known of them. */
export function resourceListRoutes({ engine }: Service): readonly Route[] {
  return [
    route(listResources, async ({ query }) => {
      const parent = parseParentFilter(query)
      const organizationId = query.organization_id ?? (await organizationOf(parent))
      const type = query.resource_type_slug
      if (organizationId === undefined && type === undefined)
        throw new FilterMissing(['organization_id', 'resource_type_slug'])
      const { resource_external_id: externalId, search } = query
      const filter = defined({ organizationId, type, externalId, parent, search })
      const page = await engine.listResourceEntities(filter, pageOf(query))
      return { body: renderList(page, renderResource, query) }
    }),
  ]

  /** A parent named by our id says which organization is meant; an external id is used in many. */
  async function organizationOf(parent: ResourceRef | undefined): Promise<OrganizationId | undefined> {
    if (parent === undefined) return undefined
    if ('resourceId' in parent) return requireOrganization(engine, 'resource', parent.resourceId)
    throw new InputInvalid('organization_id', 'must be given with `parent_external_id`', undefined)
  }
}
