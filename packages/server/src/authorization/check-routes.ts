import {
  type CheckQuestion,
  type Decision,
  EntityNotFound,
  type MembershipId,
  PermissionUnknown,
  type ResourceRef,
} from '@bailiwick/core'
import {
  check,
  type OperationInput,
  parseCheckExtras,
  readPlainCheck,
  renderExplanation,
  renderUnknownPermission,
} from '@bailiwick/wire'
import { type RequestContext, type Route, route, type Service } from '../http/route.js'
import { requireOrganization } from './require-organization.js'
import { requiredTarget } from './required-target.js'
import { resourceNotFound } from './resource-places.js'

/** A question as the route asks it: of a membership, about a resource. */
interface Asked extends CheckQuestion {
  readonly subject: { readonly membershipId: MembershipId }
  readonly resource: ResourceRef
}

type Input = OperationInput<typeof check.schemas>

/** May this membership do it on this resource? */
export function checkRoutes({ engine }: Service): readonly Route[] {
  return [
    route(
      check,
      (input, context) => {
        const resource = requiredTarget(input.body)
        const allowed = allowedNow(input, resource, context)
        return allowed === undefined ? decide(input, resource, context) : allowed ? yes : no
      },
      { readBody: readPlainCheck },
    ),
  ]

  /** Most answers are about an organization in memory: to wait for one would take as long as to decide it. */
  function allowedNow(
    { params, body }: Input,
    resource: ResourceRef,
    { consistency }: RequestContext,
  ): boolean | undefined {
    if (body.explain === true || body.on_behalf_of !== undefined || consistency.consistency !== undefined) {
      return undefined
    }
    return engine.allowedNow(params.organization_membership_id, body.permission_slug, resource)
  }

  async function decide({ params, body }: Input, resource: ResourceRef, { consistency }: RequestContext) {
    const membershipId = params.organization_membership_id
    const { onBehalfOf, explain } = parseCheckExtras(body)
    const organizationId = await requireOrganization(engine, 'membership', membershipId, consistency)
    const asked = { organizationId, subject: { membershipId }, permission: body.permission_slug, resource }
    const question: Asked = onBehalfOf === undefined ? asked : { ...asked, onBehalfOf }
    try {
      if (explain) {
        const explanation = await engine.explain(question, consistency)
        await refuseUnknown(question, explanation.decision)
        return { body: renderExplanation(explanation) }
      }
      const decision = await engine.check(question, consistency)
      if (decision.kind === 'allow') return yes
      await refuseUnknown(question, decision)
      return no
    } catch (error) {
      if (!(error instanceof PermissionUnknown)) throw error
      await requireBoth(question)
      return { body: renderUnknownPermission(error) }
    }
  }

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

// Written once: to write JSON takes as long as to look up a membership.
const yes = { json: JSON.stringify({ authorized: true }) }
const no = { json: JSON.stringify({ authorized: false }) }
