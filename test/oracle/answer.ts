import type { AssignmentId, CheckQuestion, DenyReason, ResourceId, SubjectRef } from '@bailiwick/core'
import type { Facts, MembershipFact, ResourceFact, RoleFact } from './facts.js'
import { find } from './find.js'

/** A role that holds, and where. */
export type GrantFact =
  | { readonly from: 'membership'; readonly role: string; readonly on: ResourceId }
  | {
      readonly from: 'assignment'
      readonly assignmentId: AssignmentId
      readonly role: string
      readonly on: ResourceId
    }

/** A role that would do, and the one resource on the way up that is of its type. */
export interface MissFact {
  readonly role: string
  readonly on: ResourceId
}

export type Answer =
  | { readonly kind: 'allow'; readonly grants: readonly GrantFact[] }
  | { readonly kind: 'deny'; readonly reason: DenyReason; readonly nearestMisses: readonly MissFact[] }
  /** No answer at all: the question is a mistake of the application. */
  | { readonly kind: 'refused'; readonly code: 'permission_unknown' }

/**
 * Answer by trying everything: for each resource on the way up, each role that the membership holds there.
 * Written from the rules alone ("Deciding" in the design), as slowly and as plainly as they read.
 */
export function answer(facts: Facts, question: CheckQuestion): Answer {
  if (!facts.permissions.some(({ slug }) => slug === question.permission)) {
    return { kind: 'refused', code: 'permission_unknown' }
  }
  const organization = find.organization(facts, question.organizationId)
  if (organization === undefined) return deny('organization_unknown')
  const membership = find.membership(facts, organization.id, question.subject)
  if (membership === undefined) return deny('membership_unknown')
  if (membership.status !== 'active') return deny('membership_inactive')
  const resource =
    question.resource === undefined
      ? find.root(facts, organization.id)
      : find.resource(facts, organization.id, question.resource)
  if (resource === undefined) return deny('resource_unknown')

  const path = wayUp(facts, resource)
  const grants = path.flatMap((step) => grantsOn(facts, membership, step, question.permission))
  if (grants.length > 0) return { kind: 'allow', grants }
  return deny(
    'no_grant',
    path.flatMap((step) => rolesThatWouldDo(facts, step, question.permission)),
  )
}

/** From a resource up to the root of its organization, both included. */
export function wayUp(facts: Facts, resource: ResourceFact): readonly ResourceFact[] {
  const parent = facts.resources.find(({ id }) => id === resource.parentId)
  return parent === undefined ? [resource] : [resource, ...wayUp(facts, parent)]
}

/** The resources of an organization on which the answer is an allow. */
export function allowedResources(
  facts: Facts,
  question: Omit<CheckQuestion, 'resource'>,
): readonly ResourceFact[] {
  return facts.resources.filter(
    ({ id, organizationId }) =>
      organizationId === question.organizationId &&
      answer(facts, { ...question, resource: { resourceId: id } }).kind === 'allow',
  )
}

/** The memberships of an organization to which the answer is an allow. */
export function allowedMemberships(
  facts: Facts,
  question: Omit<CheckQuestion, 'subject'>,
): readonly MembershipFact[] {
  return facts.memberships.filter(({ id, organizationId }) => {
    const subject: SubjectRef = { membershipId: id }
    return (
      organizationId === question.organizationId && answer(facts, { ...question, subject }).kind === 'allow'
    )
  })
}

function deny(reason: DenyReason, nearestMisses: readonly MissFact[] = []): Answer {
  return { kind: 'deny', reason, nearestMisses }
}

function grantsOn(
  facts: Facts,
  membership: MembershipFact,
  step: ResourceFact,
  permission: string,
): readonly GrantFact[] {
  // Roles of the membership itself are held on the organization as a whole: on the root, that is.
  const own = step.parentId === undefined ? membership.roles : []
  const assigned = facts.assignments.filter(
    ({ membershipId, resourceId }) => membershipId === membership.id && resourceId === step.id,
  )
  return [
    ...own
      .filter((role) => contains(facts, role, permission))
      .map((role): GrantFact => ({ from: 'membership', role, on: step.id })),
    ...assigned
      .filter(({ role }) => contains(facts, role, permission))
      .map(({ id, role }): GrantFact => ({ from: 'assignment', assignmentId: id, role, on: step.id })),
  ]
}

function contains(facts: Facts, role: string, permission: string): boolean {
  return facts.roles.some(({ slug, permissions }) => slug === role && permissions.includes(permission))
}

function rolesThatWouldDo(facts: Facts, step: ResourceFact, permission: string): readonly MissFact[] {
  return facts.roles
    .filter((role: RoleFact) => role.on === step.type && role.permissions.includes(permission))
    .map(({ slug }) => ({ role: slug, on: step.id }))
}
