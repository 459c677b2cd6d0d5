import type { ResourceRef, ResourcesQuestion, SubjectRef, SubjectsQuestion } from '@bailiwick/core'
import { type ShortHash, shortHash } from './short-hash.js'

/**
 * What a list is about, as a hash: a cursor is good for the same question only. Made when it is needed, and then
 * only once: most pages need no cursor, others need several.
 */
export class QuestionKey {
  #hash: ShortHash | undefined

  constructor(private readonly make: () => ShortHash) {}

  get hash(): ShortHash {
    this.#hash ??= this.make()
    return this.#hash
  }
}

/** Everything that decides what is in a list of resources. */
export function resourcesKey(question: ResourcesQuestion): QuestionKey {
  return new QuestionKey(() => hashResources(question))
}

/** Everything that decides what is in a list of subjects. */
export function subjectsKey(question: SubjectsQuestion): QuestionKey {
  return new QuestionKey(() => hashSubjects(question))
}

const resources = shortHash('resources')
const subjects = shortHash('subjects')

function hashResources(question: ResourcesQuestion): ShortHash {
  const { organizationId, subject, onBehalfOf, permission, type, under, depth = 'subtree' } = question
  let hash = shortHash(organizationId, resources)
  hash = shortHash(permission, hash)
  hash = shortHash(type, hash)
  hash = shortHash(depth, hash)
  hash = hashRef(under, hash)
  hash = hashSubject(subject, hash)
  for (const party of onBehalfOf ?? []) hash = hashSubject(party, hash)
  return hash
}

function hashSubjects(question: SubjectsQuestion): ShortHash {
  const { organizationId, permission, resource, kind = 'membership', access = 'any' } = question
  let hash = shortHash(organizationId, subjects)
  hash = shortHash(permission, hash)
  hash = shortHash(kind, hash)
  hash = shortHash(access, hash)
  return hashRef(resource, hash)
}

// Field by field: two objects that say the same may hold their fields in another order. What a field is comes first,
// so that no two questions read alike.
function hashSubject(subject: SubjectRef, before: ShortHash): ShortHash {
  if ('membershipId' in subject) return shortHash(subject.membershipId, shortHash('membership', before))
  if ('userId' in subject) return shortHash(subject.userId, shortHash('user', before))
  if ('groupId' in subject) return shortHash(subject.groupId, shortHash('group', before))
  return hashRef(subject.agent, shortHash('agent', before))
}

function hashRef(ref: ResourceRef | undefined, before: ShortHash): ShortHash {
  if (ref === undefined) return shortHash('none', before)
  if ('resourceId' in ref) return shortHash(ref.resourceId, shortHash('id', before))
  return shortHash(ref.externalId, shortHash(ref.type, shortHash('type', before)))
}
