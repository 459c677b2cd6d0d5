import type { DenyReason, ResourceRef, SubjectRef } from '@bailiwick/core'
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
