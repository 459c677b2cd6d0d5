import type {
  CheckQuestion,
  DenyReason,
  Explanation,
  Grant,
  ResourceAddress,
  ResourceId,
} from '@bailiwick/core'
import { expect } from 'vitest'
import { showResource } from '../worlds/names.js'
import type { Expected } from '../worlds/world.js'

/** A whole answer, in the words of the worlds. */
export interface Answered {
  readonly answer:
    | { readonly kind: 'allow'; readonly grants: readonly string[] }
    | { readonly kind: 'deny'; readonly reason: DenyReason; readonly party: string | undefined }
  /** `editor on project/web`, nearest first. */
  readonly nearest: readonly string[]
  /** From the resource up to the organization. */
  readonly path: readonly string[]
}

/**
 * The same question in every form: the membership by its id and by its user, the resource by both of its ids.
 *
 * @param resourceId - Our id of the resource, where it exists.
 */
export function formsOf(expected: Expected, resourceId: ResourceId | undefined): readonly CheckQuestion[] {
  const { organizationId, subject, onBehalfOf, permission, resource } = expected
  const isElsewhere = resource !== undefined && resource.organizationId !== organizationId
  const byOwnId = resourceId === undefined ? [] : [{ resourceId }]
  // What lies in another organization can only be named here by our id of it: an external id is of this one.
  const named = resource === undefined || isElsewhere ? [] : [resource]
  const resources = [...named.map(({ type, externalId }) => ({ type, externalId })), ...byOwnId]
  const parties = onBehalfOf.map(({ refs }) => refs[0])
  const asking = { organizationId, permission, ...(parties.length === 0 ? {} : { onBehalfOf: parties }) }
  // A user of another organization may have a membership here as well, but a membership id is of one only.
  const refs = isMemberElsewhere(expected) ? [subject.refs[0]] : subject.refs
  return refs.flatMap((ref): readonly CheckQuestion[] =>
    resource === undefined
      ? [{ ...asking, subject: ref }]
      : resources.map((place) => ({ ...asking, subject: ref, resource: place })),
  )
}

/** Whether the subject is known in another organization than the one that is asked. */
export function isMemberElsewhere({ organizationId, subject }: Expected): boolean {
  const [ref] = subject.refs
  return 'membershipId' in ref && !ref.membershipId.startsWith(organizationId.replace('org_', 'om_'))
}

/** The words of a world for what an engine explains. */
export function inWords(
  { decision, path }: Explanation,
  expected: Expected,
  groupName: (id: string) => string,
): Answered {
  if (decision.kind === 'allow') {
    return {
      answer: { kind: 'allow', grants: decision.grants.map((grant) => grantInWords(grant, groupName)) },
      nearest: [],
      path: path.map(showResource),
    }
  }
  const index = (expected.onBehalfOf.length === 0 ? [] : expected.onBehalfOf).findIndex(
    ({ refs }) => JSON.stringify(refs[0]) === JSON.stringify(decision.onBehalfOf),
  )
  return {
    answer: { kind: 'deny', reason: decision.reason, party: expected.onBehalfOf[index]?.name },
    nearest: decision.nearestMisses.map(({ role, on }) => at(role, on)),
    path: path.map(showResource),
  }
}

function grantInWords(grant: Grant, groupName: (id: string) => string): string {
  switch (grant.from) {
    case 'session':
      return 'session'
    case 'membership':
      return grant.role
    case 'assignment':
      return at(grant.role, grant.on)
    case 'group':
      return `${at(grant.role, grant.on)} through ${groupName(grant.groupId)}`
    case 'directory':
      return `${at(grant.role, grant.on)} mapped from ${grant.directoryGroup}`
    case 'permission':
      return grant.holder.kind === 'group'
        ? `${at('permission', grant.on)} through ${groupName(grant.holder.id)}`
        : at('permission', grant.on)
  }
}

function at(role: string, on: ResourceAddress): string {
  return `${role} on ${showResource(on)}`
}

/** Fail unless this is the expected answer, as far as the world says. Grants count in no order. */
export function expectAnswer(expected: Expected, { answer, nearest, path }: Answered): void {
  const { sentence } = expected
  expect(sorted(answer), sentence).toEqual(sorted(expected.answer))
  if (expected.nearest !== undefined) expect(nearest, `nearest to: ${sentence}`).toEqual(expected.nearest)
  if (expected.path !== undefined) expect(path, `the way up of: ${sentence}`).toEqual(expected.path)
}

function sorted(answer: Answered['answer']): Answered['answer'] {
  return answer.kind === 'allow' ? { ...answer, grants: [...answer.grants].sort() } : answer
}
