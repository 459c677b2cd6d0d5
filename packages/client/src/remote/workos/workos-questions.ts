import type { AuthorizationEngine, MembershipId, Model, Questions } from '@bailiwick/core'
import { rootType } from '@bailiwick/core'
import { listEffectivePermissionsByExternalId, listEffectivePermissionsOnResource } from '@bailiwick/wire'
import { everyItem } from '../areas/paging.js'
import { Checks } from '../checks.js'
import type { Service } from '../service.js'
import { askOne } from './ask-one.js'
import { Homes } from './homes.js'
import { lacks, refusePart } from './missing.js'

type Needed = Pick<AuthorizationEngine, 'findMembership' | 'findResource'>

/** What decides, of WorkOS's own service. */
export function workosQuestions(service: Service, model: Model, engine: Needed): Questions {
  const homes = new Homes(engine)
  const checks = new Checks(service, askOne({ service, model, memberships: engine, homes }))
  return {
    check: (question, options) => checks.check(question, options),
    checkMany: lacks('batch', 'checkMany'),
    explain: lacks('explain', 'explain'),
    listResources: lacks('search', 'listResources'),
    listSubjects: lacks('search', 'listSubjects'),
    scope: lacks('search', 'scope'),

    async effectivePermissions({ organizationId, subject, resource, onBehalfOf = [] }) {
      refusePart('agents', '`onBehalfOf`', onBehalfOf.length > 0)
      refusePart('anySubject', 'a group or an agent that asks', !('membershipId' in subject))
      const { membershipId } = subject as { readonly membershipId: MembershipId }
      if (!(await homes.has(organizationId, membershipId))) return []
      const ref = resource ?? { type: rootType, externalId: organizationId }
      const who = { organization_membership_id: membershipId }
      const slugs = await everyItem(service, {
        organizationId,
        item: ({ slug }) => slug,
        ...('resourceId' in ref
          ? { operation: listEffectivePermissionsOnResource, params: { ...who, resource_id: ref.resourceId } }
          : {
              operation: listEffectivePermissionsByExternalId,
              params: { ...who, resource_type_slug: ref.type, external_id: ref.externalId },
            }),
      })
      return [...slugs].sort()
    },

    hasResource: async (organizationId, ref) =>
      (await engine.findResource(organizationId, ref)) !== undefined,
    // WorkOS has no exclusions: what a token carries, nothing takes away.
    isExcludedSomewhere: async () => false,
  }
}
