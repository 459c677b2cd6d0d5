import type { ResourceRef, ResourcesQuestion, SubjectRef, SubjectsQuestion } from '@bailiwick/core'
import { type ShortHash, shortHash } from './short-hash.js'

/**
 * What a list is about, in one string: a cursor is good for the same question only. Made when it is needed, and then
 * only once: most pages need no cursor, others need several.
 */
export class QuestionKey {
  #text: string | undefined
  #hash: ShortHash | undefined

  constructor(private readonly make: () => string) {}

  get text(): string {
    this.#text ??= this.make()
    return this.#text
  }

  get hash(): ShortHash {
    this.#hash ??= shortHash(this.text)
    return this.#hash
  }
}

/** Everything that decides what is in a list of resources. */
export function resourcesKey(question: ResourcesQuestion): QuestionKey {
  return new QuestionKey(() => writeResources(question))
}

/** Everything that decides what is in a list of subjects. */
export function subjectsKey(question: SubjectsQuestion): QuestionKey {
  return new QuestionKey(() => writeSubjects(question))
}

function writeResources(question: ResourcesQuestion): string {
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

function writeSubjects(question: SubjectsQuestion): string {
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
