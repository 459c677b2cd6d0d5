import {
  type CheckQuestion,
  InputInvalid,
  type OrganizationId,
  type ResourceRef,
  type SubjectRef,
} from '@bailiwick/core'

// Every name stands behind its length, and every choice is a letter of its own, so that a key can be read back in
// one way only: whatever users call their things, no two questions share a key.

/** The key of a check. */
export function checkKey({
  organizationId,
  permission,
  subject,
  resource,
  onBehalfOf,
}: CheckQuestion): string {
  let key = `c${text(organizationId)}${text(permission)}${subjectKey(subject)}`
  key += resource === undefined ? '-' : resourceKey(resource)
  if (onBehalfOf !== undefined) for (const party of onBehalfOf) key += subjectKey(party)
  return key
}

/** The key of whether an organization has a resource. */
export function resourceKeyIn(organizationId: OrganizationId, ref: ResourceRef): string {
  return `h${text(organizationId)}${resourceKey(ref)}`
}

/** The key of whether a permission is excluded anywhere in an organization. */
export function exclusionKey(organizationId: OrganizationId, permission: string): string {
  return `e${text(organizationId)}${text(permission)}`
}

function subjectKey(subject: SubjectRef): string {
  if ('membershipId' in subject) return `m${text(subject.membershipId)}`
  if ('userId' in subject) return `u${text(subject.userId)}`
  if ('groupId' in subject) return `g${text(subject.groupId)}`
  return `a${resourceKey(subject.agent)}`
}

function resourceKey(ref: ResourceRef): string {
  return 'resourceId' in ref ? `i${text(ref.resourceId)}` : `x${text(ref.type)}${text(ref.externalId)}`
}

function text(name: string): string {
  // A list of one name has that name's text, and is another question.
  if (typeof name !== 'string') throw new InputInvalid('question', 'must name everything by strings', name)
  return `${name.length}:${name}`
}
