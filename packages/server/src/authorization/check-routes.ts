import {
  type CheckQuestion,
  type Decision,
  EntityNotFound,
  type MembershipId,
  PermissionUnknown,
  type ResourceRef,
} from '@bailiwick/core'
import { check, parseCheckExtras, renderExplanation, renderUnknownPermission } from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { requireOrganization } from './require-organization.js'
import { requiredTarget } from './required-target.js'
import { resourceNotFound } from './resource-places.js'

/** A question as the route asks it: of a membership, about a resource. */
interface Asked extends CheckQuestion {
  readonly subject: { readonly membershipId: MembershipId }
  readonly resource: ResourceRef
}

/** May this membership do it on this resource? */
export function checkRoutes({ engine }: Service): readonly Route[] {
  return [
    route(check, async ({ params, body }, { consistency }) => {
      const membershipId = params.organization_membership_id
      const resource = requiredTarget(body)
      const { onBehalfOf, explain } = parseCheckExtras(body)
      const organizationId = await requireOrganization(engine, 'membership', membershipId)
      const asked = { organizationId, subject: { membershipId }, permission: body.permission_slug, resource }
      const question: Asked = onBehalfOf === undefined ? asked : { ...asked, onBehalfOf }
      try {
        if (explain) {
          const explanation = await engine.explain(question, consistency)
          await refuseUnknown(question, explanation.decision)
          return { body: renderExplanation(explanation) }
        }
        const decision = await engine.check(question, consistency)
        if (decision.kind === 'allow') return { body: yes }
        await refuseUnknown(question, decision)
        return { body: no }
      } catch (error) {
        if (!(error instanceof PermissionUnknown)) throw error
        await requireBoth(question)
        return { body: renderUnknownPermission(error) }
      }
    }),
  ]

  /** WorkOS tells what does not exist from what is denied; so a denial must not hide an unknown resource. */
  async function refuseUnknown(question: Asked, decision: Decision): Promise<void> {
    if (decision.kind === 'allow' || decision.reason === 'no_grant' || decision.reason === 'excluded') return
    await requireBoth(question)
  }

  async function requireBoth({ organizationId, subject, resource }: Asked): Promise<void> {
    if ((await engine.findMembership(organizationId, subject)) === undefined)
      throw new EntityNotFound('membership', subject.membershipId)
    if (!(await engine.hasResource(organizationId, resource))) throw resourceNotFound(resource)
  }
}

const yes = { authorized: true }
const no = { authorized: false }
