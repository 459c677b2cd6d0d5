import { EntityNotFound, type Organization, type Written } from '@bailiwick/core'
import {
  createOrganization,
  deleteOrganization,
  getOrganization,
  getOrganizationByExternalId,
  listOrganizations,
  listRolesOfOrganization,
  pageOf,
  parseNewOrganization,
  parseOrganizationChanges,
  renderList,
  renderOrganization,
  renderRoles,
  updateOrganization,
} from '@bailiwick/wire'
import { rolesInOrganization } from '../authorization/roles-in-organization.js'
import { type Route, route, type Service } from '../http/route.js'

/** Organizations, and the older way to their roles. */
export function organizationRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createOrganization, async ({ body }, context) =>
      written(await engineFor(context).createOrganization(parseNewOrganization(body))),
    ),
    route(listOrganizations, async ({ query }) => {
      const { domains, search } = query
      const filter = { ...(domains && { domains }), ...(search && { search }) }
      const page = await engine.listOrganizations(filter, pageOf(query))
      return { body: renderList(page, renderOrganization, query) }
    }),
    route(getOrganization, async ({ params }) => {
      const found = await engine.getOrganization(params.organization_id)
      return { body: renderOrganization(existing(found, params.organization_id)) }
    }),
    route(getOrganizationByExternalId, async ({ params }) => {
      const found = await engine.findOrganizationByExternalId(params.external_id)
      return { body: renderOrganization(existing(found, params.external_id)) }
    }),
    route(updateOrganization, async ({ params, body }, context) =>
      written(
        await engineFor(context).updateOrganization(params.organization_id, parseOrganizationChanges(body)),
      ),
    ),
    route(deleteOrganization, async ({ params }, context) => {
      const { token } = await engineFor(context).deleteOrganization(params.organization_id)
      return { body: {}, token }
    }),
    route(listRolesOfOrganization, async ({ params }) => ({
      body: renderRoles(await rolesInOrganization(engine, params.organization_id)),
    })),
  ]
}

function written({ value, token }: Written<Organization>) {
  return { body: renderOrganization(value), token }
}

function existing(organization: Organization | undefined, ref: string): Organization {
  if (organization === undefined) throw new EntityNotFound('organization', ref)
  return organization
}
