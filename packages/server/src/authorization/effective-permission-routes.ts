import { type CheckOptions, CursorInvalid, type MembershipId, type ResourceRef } from '@bailiwick/core'
import {
  type ListQuery,
  listEffectivePermissions,
  listEffectivePermissionsByExternalId,
  listEffectivePermissionsOnResource,
  pageOf,
  permissionId,
  renderList,
  renderPermission,
} from '@bailiwick/wire'
import { pageOfAll } from '../extensions/page-of-all.js'
import { type Route, route, type Service } from '../http/route.js'
import { requireOrganization } from './require-organization.js'
import { requireResource } from './resource-places.js'

/** What may she, here? */
export function effectivePermissionRoutes({ engine }: Service): readonly Route[] {
  return [
    route(listEffectivePermissions, async ({ params, query }, { consistency }) =>
      permissionsOf(
        params.organization_membership_id,
        { resourceId: params.resource_id },
        query,
        consistency,
      ),
    ),
    route(listEffectivePermissionsOnResource, async ({ params, query }, { consistency }) =>
      permissionsOf(
        params.organization_membership_id,
        { resourceId: params.resource_id },
        query,
        consistency,
      ),
    ),
    route(listEffectivePermissionsByExternalId, async ({ params, query }, { consistency }) =>
      permissionsOf(
        params.organization_membership_id,
        { type: params.resource_type_slug, externalId: params.external_id },
        query,
        consistency,
      ),
    ),
  ]

  async function permissionsOf(
    membershipId: MembershipId,
    resource: ResourceRef,
    query: ListQuery,
    consistency: CheckOptions,
  ) {
    const organizationId = await requireOrganization(engine, 'membership', membershipId, consistency)
    await requireResource(engine, organizationId, resource)
    const question = { organizationId, subject: { membershipId }, resource }
    const slugs = await engine.effectivePermissions(question, consistency)
    const permissions = await Promise.all(slugs.map((slug) => engine.getPermission(slug)))
    const page = pageOf(query)
    for (const place of [page.after, page.before])
      if (place !== undefined && !permissionId.safeParse(place).success) throw new CursorInvalid()
    return { body: renderList(pageOfAll(permissions, page), renderPermission, query) }
  }
}
