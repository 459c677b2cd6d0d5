import type { Cursor, Membership, MembershipId, OrganizationId, PageOptions, User } from '@bailiwick/core'
import {
  type ListQuery,
  listMembershipsForResource,
  listMembershipsForResourceByExternalId,
  listResourcesForMembership,
  pageOf,
  parseRequiredParent,
  renderList,
  renderPlainMembership,
  renderResource,
} from '@bailiwick/wire'
import { type RequestContext, type Route, route, type Service } from '../http/route.js'
import { listChildren } from './list-children.js'
import { requireOrganization } from './require-organization.js'
import { byExternalId, byId, type Place, requireResource } from './resource-places.js'

/** Which resources may she, and who may. */
export function discoveryRoutes({ engine }: Service): readonly Route[] {
  return [
    route(listResourcesForMembership, async ({ params, query }, { consistency }) => {
      const membershipId = params.organization_membership_id
      const parent = parseRequiredParent(query)
      const organizationId = await requireOrganization(engine, 'membership', membershipId, consistency)
      const { type } = await requireResource(engine, organizationId, parent)
      const question = { organizationId, subject: { membershipId }, permission: query.permission_slug }
      const types = engine.model.type(type).children
      const page = await listChildren(engine, question, parent, types, {
        ...enginePage(query),
        ...consistency,
      })
      const found = await Promise.all(
        page.items.map(({ id: resourceId }) => engine.findResource(organizationId, { resourceId })),
      )
      // One that was deleted meanwhile is left out.
      const items = found.filter((resource) => resource !== undefined)
      return { body: renderList({ ...page, items }, renderResource, query) }
    }),
    route(listMembershipsForResource, async ({ params, query }, context) =>
      membershipsOn(await byId(engine, params.resource_id), query, context),
    ),
    route(listMembershipsForResourceByExternalId, async ({ params, query }, context) =>
      membershipsOn(byExternalId(engine, params), query, context),
    ),
  ]

  async function membershipsOn(
    { organizationId, ref: resource }: Place,
    query: ListQuery & {
      readonly permission_slug: string
      readonly assignment?: 'direct' | 'indirect' | undefined
    },
    { consistency }: RequestContext,
  ) {
    await requireResource(engine, organizationId, resource)
    // WorkOS counts those who hold something on the resource itself unless it is told otherwise.
    const access = query.assignment === 'indirect' ? 'any' : 'direct'
    const question = { organizationId, permission: query.permission_slug, resource, access } as const
    const page = await engine.listSubjects(question, { ...enginePage(query), ...consistency })
    const organizationName = (await engine.getOrganization(organizationId))?.name ?? ''
    const found = await Promise.all(page.items.map(({ id }) => member(organizationId, id as MembershipId)))
    const items = found.filter((each) => each !== undefined)
    return {
      body: renderList(
        { ...page, items },
        ({ membership, user }) => renderPlainMembership(membership, { organizationName, user }),
        query,
      ),
    }
  }

  async function member(
    organizationId: OrganizationId,
    membershipId: MembershipId,
  ): Promise<{ readonly membership: Membership; readonly user: User | undefined } | undefined> {
    const membership = await engine.findMembership(organizationId, { membershipId })
    if (membership === undefined) return undefined
    return { membership, user: await engine.findUser({ id: membership.userId }) }
  }
}

/** The page of a list that the engine makes by deciding: its places are cursors, or ids as WorkOS gives them. */
function enginePage(query: ListQuery): PageOptions {
  const { before, after, ...rest } = pageOf(query)
  return {
    ...rest,
    ...(before === undefined ? {} : { before: before as Cursor }),
    ...(after === undefined ? {} : { after: after as Cursor }),
  }
}
