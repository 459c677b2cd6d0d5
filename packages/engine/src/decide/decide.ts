import {
  type Allow,
  type CheckQuestion,
  type Decision,
  type Delegation,
  type Deny,
  type DenyReason,
  type Grant,
  InputInvalid,
  limits,
  type NearestMiss,
  type ResourceRef,
  type SubjectRef,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { type Holder, membershipKind } from '../graph/row-table.js'
import { allowedByRoles } from './allowed-by-roles.js'
import { countingRole } from './counting-role.js'
import { anyGrant, DenialNotes, GrantNotes } from './grants.js'
import { type Located, locate, locatedAhead } from './locate.js'
import { Names } from './names.js'
import { walkDenials, walkGrants } from './walk.js'

/** How much of the reasons a decision carries: the first grant and a handful of near misses, or all. */
export interface Detail {
  readonly grants: number
  readonly misses: number
}

export const inBrief: Detail = { grants: 1, misses: 5 }
export const inFull: Detail = { grants: Number.POSITIVE_INFINITY, misses: Number.POSITIVE_INFINITY }

/** Whether a subject may, once everything is located: a plain yes or no. */
export function allows(
  graph: OrganizationGraph,
  holder: Holder,
  permission: number,
  resource: number,
): boolean {
  return (
    allowedByRoles(graph.records, holder, permission, resource) ??
    (walkGrants(graph, holder, permission, resource, anyGrant) &&
      !walkDenials(graph, holder, permission, resource, anyGrant))
  )
}

/**
 * Answer a check from the graph. Who acts for others is allowed what she and every one of them is allowed.
 *
 * @throws {PermissionUnknown} when the model has no such permission; {InputInvalid} for a chain beyond its limit.
 */
export function decide(
  graph: OrganizationGraph,
  question: CheckQuestion,
  detail: Detail = inBrief,
): Decision {
  const names = new Names(graph)
  const decision = decideNamed(graph, question, names, detail)
  names.tell()
  return decision
}

/**
 * The same, with what it names told later, together with what others name.
 *
 * @param locatedAt - Where the subject and the resource have been located ahead, if they have.
 */
export function decideNamed(
  graph: OrganizationGraph,
  question: CheckQuestion,
  names: Names,
  detail: Detail = inBrief,
  locatedAt?: number,
): Decision {
  const permission = graph.environment.permissionIndex(question.permission)
  const { onBehalfOf = [] } = question
  requireShortChain(onBehalfOf)
  const located =
    locatedAt === undefined
      ? locate(graph, question.subject, question.resource)
      : locatedAhead(graph, locatedAt)
  const decision = decideFor(graph, located, permission, detail, names)
  if (decision.kind === 'deny' || onBehalfOf.length === 0) return decision
  const delegations: Delegation[] = []
  for (const party of onBehalfOf) {
    const theirs = decideFor(graph, locate(graph, party, question.resource), permission, detail, names)
    if (theirs.kind === 'deny') return { ...theirs, onBehalfOf: party }
    delegations.push({ onBehalfOf: party, grants: theirs.grants })
  }
  return { ...decision, delegations }
}

/** Whether `decide` allows, and nothing of why. @throws as that */
export function isAllowed(graph: OrganizationGraph, question: CheckQuestion): boolean {
  const permission = graph.environment.permissionIndex(question.permission)
  const { subject, onBehalfOf, resource } = question
  if (onBehalfOf === undefined) return isAllowedFor(graph, subject, permission, resource)
  requireShortChain(onBehalfOf)
  return [subject, ...onBehalfOf].every((party) => isAllowedFor(graph, party, permission, resource))
}

function isAllowedFor(
  graph: OrganizationGraph,
  subject: SubjectRef,
  permission: number,
  resource: ResourceRef | undefined,
): boolean {
  const located = locate(graph, subject, resource)
  if (typeof located === 'string' || located.resource === none) return false
  return allows(graph, located.holder, permission, located.resource)
}

/** @throws {InputInvalid} for a chain of more than 10 parties. */
export function requireShortChain(onBehalfOf: readonly SubjectRef[]): void {
  if (!Array.isArray(onBehalfOf) || onBehalfOf.length > limits.delegationChain) {
    throw new InputInvalid(
      'onBehalfOf',
      `must be an array of at most ${limits.delegationChain} subjects`,
      onBehalfOf,
    )
  }
}

function decideFor(
  graph: OrganizationGraph,
  located: Located | DenyReason,
  permission: number,
  detail: Detail,
  names: Names,
): Allow | Deny {
  if (typeof located === 'string') return deny(located)
  const { holder, resource } = located
  if (resource === none) return deny('resource_unknown')
  const notes = new GrantNotes(graph, holder, detail.grants, names)
  walkGrants(graph, holder, permission, resource, notes)
  const { grants } = notes
  const denials = new DenialNotes(graph, detail.misses, names)
  walkDenials(graph, holder, permission, resource, denials)
  const exclusions = denials.hits.length > 0 ? { exclusions: denials.hits } : {}
  if (!isSome(grants)) {
    const misses = nearestMisses(graph, holder, resource, permission, detail.misses, names)
    return { ...deny('no_grant'), nearestMisses: misses, ...exclusions }
  }
  if (denials.hits.length > 0) return { ...deny('excluded'), ...exclusions }
  return { kind: 'allow', grants }
}

function isSome(grants: readonly Grant[]): grants is readonly [Grant, ...Grant[]] {
  return grants.length > 0
}

/** The roles that would grant a permission here, each on the nearest resource where it can be held. */
function nearestMisses(
  graph: OrganizationGraph,
  holder: Holder,
  resource: number,
  permission: number,
  most: number,
  names: Names,
): readonly NearestMiss[] {
  const misses: NearestMiss[] = []
  const { root } = graph.resources
  // Where one organization-level role counts at a time, another one must go before it to help.
  const single = graph.environment.model.roleMode === 'single' && (holder & 3) === membershipKind
  const counting = single ? countingRole(graph, holder >> 2) : undefined
  const roles = [...graph.roles.entriesGranting(permission)]
  for (let entry = resource; entry !== none; entry = graph.resources.parent(entry)) {
    const type = graph.environment.typeSlug(graph.resources.type(entry))
    for (const role of roles) {
      const { on, slug } = graph.roles.role(role)
      if (on !== type) continue
      if (entry === root && counting !== undefined && graph.priorityOf(role) > counting.priority) continue
      if (misses.length >= most) return misses
      misses.push({ role: slug, on: names.address(entry) })
    }
  }
  return misses
}

function deny(reason: DenyReason): Deny {
  return { kind: 'deny', reason, nearestMisses: [] }
}
