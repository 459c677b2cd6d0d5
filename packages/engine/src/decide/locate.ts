import type { CheckQuestion, DenyReason, ResourceRef, SubjectRef } from '@bailiwick/core'
import { LookUps } from '../graph/look-ups.js'
import { findBoth } from '../graph/lookup.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/records.js'
import type { Holder } from '../graph/row-table.js'
import { holderOfMembership, locateSubject } from './subject.js'

/** Where the subject of a question and its resource stand; the resource may be `none`. */
export interface Located {
  readonly holder: Holder
  readonly resource: number
}

/** One for all questions: whoever asks has read it before anybody asks again. */
const located: { holder: Holder; resource: number } = { holder: none, resource: none }

/**
 * The subject and the resource of a question, or the reason why the subject is denied whatever it asks. Without a
 * resource the question is about the whole organization.
 *
 * @returns What is true until the next call.
 */
export function locate(
  graph: OrganizationGraph,
  subject: SubjectRef,
  resource: ResourceRef | undefined,
): Located | DenyReason {
  if (graph.organization === undefined) return 'organization_unknown'
  const holder = locateBoth(graph, subject, resource)
  if (typeof holder === 'string') return holder
  located.holder = holder
  return located
}

/** One for all, as `located` is. */
const ahead = new LookUps()

/**
 * Locate what questions are about, from one of them on, as far as they are of the kind that nearly all are and about
 * this organization.
 *
 * @returns How many were: `locatedAhead` tells of each, until the next call.
 */
export function locateAhead(
  graph: OrganizationGraph,
  questions: readonly CheckQuestion[],
  from: number,
): number {
  ahead.clear()
  const { organizationId } = questions[from] as CheckQuestion
  for (let n = from; n < questions.length && !ahead.isFull; n++) {
    const question = questions[n] as CheckQuestion
    if (question.organizationId !== organizationId || !addAhead(graph, question)) break
  }
  ahead.find(graph.records)
  return ahead.count
}

/** What `locate` tells of the subject and the resource of a question, counted from the first that was located ahead. */
export function locatedAhead(graph: OrganizationGraph, at: number): Located | DenyReason {
  if (graph.organization === undefined) return 'organization_unknown'
  located.resource = ahead.resources[at] as number
  const holder = holderOfMembership(graph, ahead.memberships[at] as number)
  if (typeof holder === 'string') return holder
  located.holder = holder
  return located
}

/** @returns Whether it is of that kind. */
function addAhead({ environment }: OrganizationGraph, { subject, resource }: CheckQuestion): boolean {
  if (resource === undefined || 'resourceId' in resource || !isMembershipId(subject)) return false
  const { type, externalId } = resource
  const { membershipId } = subject
  const index = environment.findType(type)
  if (index === undefined || index <= 0) return false
  // Who writes no TypeScript may pass anything: what is wrong with it is said when its turn comes.
  if (typeof membershipId !== 'string' || typeof externalId !== 'string') return false
  ahead.add(membershipId, index, externalId)
  return true
}

/** Tells the holder, and leaves the resource where it is read. */
function locateBoth(
  graph: OrganizationGraph,
  subject: SubjectRef,
  resource: ResourceRef | undefined,
): Holder | DenyReason {
  // Nearly all questions: a membership by its id, and a resource of a type below the root by the application's own.
  if (resource !== undefined && !('resourceId' in resource)) {
    const type = graph.environment.findType(resource.type)
    if (type !== undefined && type > 0 && isMembershipId(subject)) {
      const found = findBoth(graph.records, subject.membershipId, type, resource.externalId)
      located.resource = found.resource
      return holderOfMembership(graph, found.membership)
    }
  }
  located.resource = resource === undefined ? graph.resources.root : graph.findResource(resource)
  return locateSubject(graph, subject)
}

function isMembershipId(subject: SubjectRef): subject is Extract<SubjectRef, { membershipId: unknown }> {
  return !('groupId' in subject) && !('agent' in subject) && 'membershipId' in subject
}
