import {
  type CheckQuestion,
  type DenyReason,
  limits,
  type ResourceId,
  type SubjectRef,
} from '@bailiwick/core'
import type { Facts, ResourceFact } from './facts.js'
import { find } from './find.js'
import { type DenialFact, type GrantFact, holdingsOf, priorityOf } from './holdings.js'

/** A role that would do, and the one resource on the way up that is of its type. */
export interface MissFact {
  readonly role: string
  readonly on: ResourceId
}

/** What one subject is answered, whoever it acts for. */
export type Verdict =
  | { readonly kind: 'allow'; readonly grants: readonly GrantFact[] }
  | {
      readonly kind: 'deny'
      readonly reason: DenyReason
      readonly nearestMisses: readonly MissFact[]
      /** What denies it here, whether something grants it or not. */
      readonly denials: readonly DenialFact[]
    }

export type Answer =
  | {
      readonly kind: 'allow'
      readonly grants: readonly GrantFact[]
      /** One for each party of `onBehalfOf`. */
      readonly delegations: readonly (readonly GrantFact[])[]
    }
  | (Extract<Verdict, { kind: 'deny' }> & { readonly onBehalfOf: SubjectRef | undefined })
  /** No answer at all: the question is a mistake of the application. */
  | { readonly kind: 'refused'; readonly code: 'permission_unknown' | 'input_invalid' }

/**
 * Answer by trying everything: everybody who is named, and for each of them whatever is held on the way up.
 * Written from the rules alone ("Deciding" in the design), as plainly as they read.
 */
export function answer(facts: Facts, question: CheckQuestion): Answer {
  const { onBehalfOf = [] } = question
  if (!facts.permissions.some(({ slug }) => slug === question.permission)) {
    return { kind: 'refused', code: 'permission_unknown' }
  }
  if (onBehalfOf.length > limits.delegationChain) return { kind: 'refused', code: 'input_invalid' }
  const first = verdict(facts, question, question.subject)
  if (first.kind === 'deny') return { ...first, onBehalfOf: undefined }
  const delegations: (readonly GrantFact[])[] = []
  for (const party of onBehalfOf) {
    const theirs = verdict(facts, question, party)
    if (theirs.kind === 'deny') return { ...theirs, onBehalfOf: party }
    delegations.push(theirs.grants)
  }
  return { kind: 'allow', grants: first.grants, delegations }
}

/** The same as a plain yes or no, for a resource that is there. */
export function isAllowed(
  facts: Facts,
  {
    organizationId,
    subject,
    onBehalfOf = [],
  }: Pick<CheckQuestion, 'organizationId' | 'subject' | 'onBehalfOf'>,
  permission: string,
  resource: ResourceFact,
): boolean {
  const path = wayUp(facts, resource).map(({ id }) => id)
  return [subject, ...onBehalfOf].every((party) => {
    const key = find.asking(facts, organizationId, party)
    if (typeof key === 'string') return false
    const { holdings, denials } = holdingsOf(facts, organizationId, key)
    return (
      holdings.some(
        ({ grant, permissions }) => path.includes(grant.on) && permissions.includes(permission),
      ) && !denials.some((denial) => denial.permission === permission && path.includes(denial.on))
    )
  })
}

/** From a resource up to the root of its organization, both included. */
export function wayUp(facts: Facts, resource: ResourceFact): readonly ResourceFact[] {
  const path = [resource]
  for (let step = resource; step.parentId !== undefined; ) {
    const parent = facts.resources.find(({ id }) => id === step.parentId)
    if (parent === undefined) break
    path.push(parent)
    step = parent
  }
  return path
}

function verdict(facts: Facts, question: CheckQuestion, party: SubjectRef): Verdict {
  const { organizationId, permission } = question
  if (find.organization(facts, organizationId) === undefined) return deny('organization_unknown')
  const subject = find.asking(facts, organizationId, party)
  if (typeof subject === 'string') return deny(subject)
  const resource = find.place(facts, organizationId, question.resource)
  if (resource === undefined) return deny('resource_unknown')

  const path = wayUp(facts, resource)
  const isOnPath = (on: ResourceId) => path.some(({ id }) => id === on)
  const { holdings, denials, countingRole } = holdingsOf(facts, organizationId, subject)
  const grants = holdings
    .filter(({ grant, permissions }) => permissions.includes(permission) && isOnPath(grant.on))
    .map(({ grant }) => grant)
  const denied = denials.filter((denial) => denial.permission === permission && isOnPath(denial.on))
  if (grants.length > 0 && denied.length === 0) return { kind: 'allow', grants }
  if (grants.length > 0) return { ...deny('excluded'), denials: denied }
  return {
    ...deny('no_grant'),
    denials: denied,
    nearestMisses: path.flatMap((step) => rolesThatWouldDo(facts, step, permission, countingRole)),
  }
}

function deny(reason: DenyReason): Extract<Verdict, { kind: 'deny' }> {
  return { kind: 'deny', reason, nearestMisses: [], denials: [] }
}

/** Where one organization-level role counts at a time, another one would have to go before it. */
function rolesThatWouldDo(
  facts: Facts,
  step: ResourceFact,
  permission: string,
  countingRole: string | undefined,
): readonly MissFact[] {
  const { organizationId } = step
  const roles = [
    ...facts.roles,
    ...facts.ownRoles.filter((role) => role.organizationId === organizationId),
  ].filter((role) => role.on === step.type && role.permissions.includes(permission))
  const before =
    step.parentId === undefined && countingRole !== undefined ? priorityOf(facts, organizationId) : []
  return roles
    .filter(({ slug }) => before.length === 0 || before.indexOf(slug) < before.indexOf(countingRole ?? ''))
    .map(({ slug }) => ({ role: slug, on: step.id }))
}
