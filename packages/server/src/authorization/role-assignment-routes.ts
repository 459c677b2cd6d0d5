import {
  type Assignment,
  type AssignmentId,
  assertNever,
  EntityNotFound,
  type GroupId,
  type HeldRole,
  HeldThroughGroup,
  type MembershipId,
  type OrganizationId,
  type ServiceEngine,
  type Written,
} from '@bailiwick/core'
import {
  assignRole,
  defined,
  heldRoleId,
  isDerivedAssignmentId,
  listResourceRoleAssignments,
  listRoleAssignments,
  listRoleAssignmentsForResource,
  pageOf,
  removeRole,
  removeRoleAssignment,
  renderList,
  renderRoleAssignment,
} from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'
import { type Route, route, type Service } from '../http/route.js'
import { pageOfHeldRoles } from './page-of-held-roles.js'
import { requireOrganization } from './require-organization.js'
import { requiredTarget } from './required-target.js'
import { byExternalId, byId, type Place, requireResource } from './resource-places.js'

/** Roles that memberships hold. */
export function roleAssignmentRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(assignRole, async ({ params, body }, context) => {
      const membershipId = params.organization_membership_id
      const resource = requiredTarget(body)
      const organizationId = await requireOrganization(engine, 'membership', membershipId)
      const { value, token } = await engineFor(context).assignRole({
        organizationId,
        subject: { membershipId },
        role: body.role_slug,
        resource,
      })
      return { body: renderRoleAssignment(await asHeld(engine, membershipId, value)), token }
    }),
    route(removeRole, async ({ params, body }, context) => {
      const membershipId = params.organization_membership_id
      const resource = requiredTarget(body)
      const organizationId = await requireOrganization(engine, 'membership', membershipId)
      const { token } = await engineFor(context).takeRole({
        organizationId,
        subject: { membershipId },
        role: body.role_slug,
        resource,
      })
      return { body: undefined, token }
    }),
    route(removeRoleAssignment, async ({ params }, context) => {
      const { organization_membership_id: membershipId, role_assignment_id: id } = params
      const organizationId = await requireOrganization(engine, 'membership', membershipId)
      const { token } = isDerivedAssignmentId(id)
        ? await takeDerived(engineFor(context), organizationId, membershipId, id)
        : await takeAssigned(engineFor(context), organizationId, membershipId, id)
      return { body: undefined, token }
    }),
    route(listRoleAssignments, async ({ params, query }) => {
      const membershipId = params.organization_membership_id
      const organizationId = await requireOrganization(engine, 'membership', membershipId)
      const { resource_id: resourceId, resource_external_id: externalId, resource_type_slug: type } = query
      const resource = resourceId === undefined ? undefined : { resourceId }
      const filter = defined({ resource, type, externalId })
      const page = await pageOfHeldRoles(
        (options) => engine.listRolesOfMembership(organizationId, membershipId, filter, options),
        pageOf(query),
      )
      return { body: renderList(page, renderRoleAssignment, query) }
    }),
    route(listRoleAssignmentsForResource, async ({ params, query }) =>
      rolesOn(await byId(engine, params.resource_id), query),
    ),
    route(listResourceRoleAssignments, async ({ params, query }) =>
      rolesOn(byExternalId(engine, params), query),
    ),
  ]

  async function rolesOn(
    { organizationId, ref }: Place,
    query: Parameters<typeof pageOf>[0] & { readonly role_slug?: string | undefined },
  ) {
    await requireResource(engine, organizationId, ref)
    const filter = query.role_slug === undefined ? {} : { role: query.role_slug }
    const page = await pageOfHeldRoles(
      (options) => engine.listRolesOnResource(organizationId, ref, filter, options),
      pageOf(query),
    )
    return { body: renderList(page, renderRoleAssignment, query) }
  }
}

async function asHeld(
  engine: ReadingEngine,
  membershipId: MembershipId,
  assignment: Assignment,
): Promise<HeldRole> {
  const { organizationId, resourceId, role, createdAt, updatedAt } = assignment
  const resource = await requireResource(engine, organizationId, { resourceId })
  return { membershipId, role, resource, source: { kind: 'direct', assignment }, createdAt, updatedAt }
}

async function takeAssigned(
  engine: ServiceEngine,
  organizationId: OrganizationId,
  membershipId: MembershipId,
  id: AssignmentId,
): Promise<Written<undefined>> {
  const assignment = await engine.findAssignment(organizationId, id)
  if (assignment?.subject.id !== membershipId) throw new EntityNotFound('assignment', id)
  return engine.removeAssignment(organizationId, id)
}

/** Take a role that has no assignment of its own: look which it is among all that the membership holds. */
async function takeDerived(
  engine: ServiceEngine,
  organizationId: OrganizationId,
  membershipId: MembershipId,
  id: AssignmentId,
): Promise<Written<undefined>> {
  const held = await findHeld(engine, organizationId, membershipId, id)
  switch (held.source.kind) {
    case 'group':
      throw new HeldThroughGroup(held.role, held.source.assignment.subject.id as GroupId)
    case 'mapping':
      throw new HeldThroughGroup(held.role, held.source.mapping.id)
    case 'membership':
    case 'direct':
      return engine.takeRole({ organizationId, subject: { membershipId }, role: held.role })
    default:
      return assertNever(held.source)
  }
}

async function findHeld(
  engine: ReadingEngine,
  organizationId: OrganizationId,
  membershipId: MembershipId,
  id: AssignmentId,
): Promise<HeldRole> {
  let after: string | undefined
  do {
    const place = after === undefined ? {} : { after }
    const page = await engine.listRolesOfMembership(
      organizationId,
      membershipId,
      {},
      { limit: 100, ...place },
    )
    const held = page.items.find((item) => heldRoleId(item) === id)
    if (held !== undefined) return held
    after = page.after ?? undefined
  } while (after !== undefined)
  throw new EntityNotFound('assignment', id)
}
