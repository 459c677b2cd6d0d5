import type { ResourceRef, ResourcesQuestion, SubjectRef, SubjectsQuestion } from '@bailiwick/core'

/** Everything that decides what is in a list of resources, in one string. */
export function resourcesKey(question: ResourcesQuestion): string {
  const { organizationId, subject, onBehalfOf = [], permission, type, under, depth = 'subtree' } = question
  const parties = [subject, ...onBehalfOf].map(subjectKey)
  return JSON.stringify([
    'resources',
    organizationId,
    parties,
    permission,
    type,
    under && refKey(under),
    depth,
  ])
}

/** Everything that decides what is in a list of subjects, in one string. */
export function subjectsKey(question: SubjectsQuestion): string {
  const { organizationId, permission, resource, kind = 'membership', access = 'any' } = question
  return JSON.stringify(['subjects', organizationId, permission, resource && refKey(resource), kind, access])
}

// Field by field: two objects that say the same may hold their fields in another order.
function subjectKey(subject: SubjectRef): readonly unknown[] {
  if ('membershipId' in subject) return ['membership', subject.membershipId]
  if ('userId' in subject) return ['user', subject.userId]
  if ('groupId' in subject) return ['group', subject.groupId]
  return ['agent', ...refKey(subject.agent)]
}

function refKey(ref: ResourceRef): readonly unknown[] {
  return 'resourceId' in ref ? [ref.resourceId] : [ref.type, ref.externalId]
}

/** Made when it is needed, and then only once: most pages need no cursor, others need several. */
export function once(make: () => string): () => string {
  let made: string | undefined
  return () => {
    made ??= make()
    return made
  }
}
