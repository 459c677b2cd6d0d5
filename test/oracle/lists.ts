import type {
  PermissionsQuestion,
  ResourceId,
  ResourcesQuestion,
  Scope,
  SubjectRef,
  SubjectsQuestion,
} from '@bailiwick/core'
import { isAllowed, wayUp } from './answer.js'
import type { Facts, ResourceFact } from './facts.js'
import { find } from './find.js'
import { holdingsOf } from './holdings.js'

/** The ids of the resources of a list, sorted: every resource there is, checked. */
export function allowedResources(facts: Facts, question: ResourcesQuestion): readonly string[] {
  const { organizationId, type, under, depth = 'subtree' } = question
  const top = find.place(facts, organizationId, under)
  if (top === undefined) return []
  const liesThere = (resource: ResourceFact) => {
    if (depth === 'children') return resource.parentId === top.id
    return under === undefined || (resource !== top && wayUp(facts, resource).includes(top))
  }
  return facts.resources
    .filter((resource) => resource.organizationId === organizationId && resource.type === type)
    .filter(liesThere)
    .filter((resource) => isAllowed(facts, question, question.permission, resource))
    .map(({ id }) => id)
    .sort()
}

/** The ids of the subjects of a list, sorted: every subject there is, checked. */
export function allowedSubjects(facts: Facts, question: SubjectsQuestion): readonly string[] {
  const { organizationId, permission, access = 'any' } = question
  const resource = find.place(facts, organizationId, question.resource)
  if (resource === undefined) return []
  return candidates(facts, question)
    .filter(([, subject]) => isAllowed(facts, { organizationId, subject }, permission, resource))
    .filter(([, subject]) => access === 'any' || holdsHere(facts, question, subject, resource.id))
    .map(([id]) => id)
    .sort()
}

/** Every permission there is, checked. */
export function effectivePermissions(facts: Facts, question: PermissionsQuestion): readonly string[] {
  const resource = find.place(facts, question.organizationId, question.resource)
  if (resource === undefined) return []
  return facts.permissions
    .map(({ slug }) => slug)
    .filter((permission) => isAllowed(facts, question, permission, resource))
    .sort()
}

/** The ids of the resources of a type that a scope describes, sorted: as an application's database would find them. */
export function withinScope(facts: Facts, type: string, scope: Scope): readonly string[] {
  if (scope.kind === 'none') return []
  return facts.resources
    .filter((resource) => resource.organizationId === scope.organizationId && resource.type === type)
    .filter((resource) => {
      if (scope.kind === 'all') return true
      const path = wayUp(facts, resource).map(({ id }) => id)
      const isUnderOne = (tops: readonly { readonly id: ResourceId }[]) =>
        tops.some(({ id }) => path.includes(id))
      return isUnderOne(scope.within) && !isUnderOne(scope.except)
    })
    .map(({ id }) => id)
    .sort()
}

function candidates(
  facts: Facts,
  { organizationId, kind = 'membership' }: SubjectsQuestion,
): readonly (readonly [id: string, subject: SubjectRef])[] {
  const here = <Fact extends { readonly organizationId: string }>(all: readonly Fact[]) =>
    all.filter((each) => each.organizationId === organizationId)
  if (kind === 'membership') return here(facts.memberships).map(({ id }) => [id, { membershipId: id }])
  if (kind === 'group') return here(facts.groups).map(({ id }) => [id, { groupId: id }])
  return here(facts.resources).map(({ id }) => [id, { agent: { resourceId: id } }])
}

function holdsHere(
  facts: Facts,
  { organizationId, permission }: SubjectsQuestion,
  ref: SubjectRef,
  resource: ResourceId,
): boolean {
  const subject = find.subject(facts, organizationId, ref)
  if (subject === undefined) return false
  return holdingsOf(facts, organizationId, subject).holdings.some(
    ({ grant, permissions }) => grant.on === resource && permissions.includes(permission),
  )
}
