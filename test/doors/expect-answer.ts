import type { CheckQuestion, DenyReason, ResourceId, SubjectRef } from '@bailiwick/core'
import { expect } from 'vitest'
import type { Expected } from '../worlds/world.js'

/** A whole answer, in the words of the worlds. */
export interface Answered {
  readonly answer:
    | { readonly kind: 'allow'; readonly grants: readonly string[] }
    | { readonly kind: 'deny'; readonly reason: DenyReason }
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
  const { organizationId, permission, resource } = expected
  const isElsewhere = resource !== undefined && resource.organizationId !== organizationId
  const byOwnId = resourceId === undefined ? [] : [{ resourceId }]
  // What lies in another organization can only be named here by our id of it: an external id is of this one.
  const named = resource === undefined || isElsewhere ? [] : [resource]
  const isMemberHere = expected.membershipId.startsWith(organizationId.replace('org_', 'om_'))
  const subjects: readonly SubjectRef[] = [
    { membershipId: expected.membershipId },
    ...(isMemberHere ? [{ userId: expected.userId }] : []),
  ]
  const resources = [...named.map(({ type, externalId }) => ({ type, externalId })), ...byOwnId]
  return subjects.flatMap((subject): readonly CheckQuestion[] =>
    resource === undefined
      ? [{ organizationId, subject, permission }]
      : resources.map((ref) => ({ organizationId, subject, permission, resource: ref })),
  )
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
