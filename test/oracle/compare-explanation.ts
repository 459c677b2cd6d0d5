import type { CheckQuestion, Explanation, Grant, NearestMiss, SubjectRef } from '@bailiwick/core'
import { type Answer, answer, wayUp } from './answer.js'
import { apply } from './apply.js'
import {
  checkAddress,
  compareDecision,
  denialKey,
  engineGrantKey,
  grantKey,
  hitKey,
  missKey,
} from './compare-decision.js'
import { Disagreement } from './disagreement.js'
import type { AssignmentFact, Facts } from './facts.js'
import { find } from './find.js'
import type { GrantFact } from './holdings.js'

/** What explain says: all of it, in order, and each miss true when it is tried. */
export function compareExplanation(
  facts: Facts,
  question: CheckQuestion,
  right: Answer,
  explanation: Explanation,
): void {
  const { decision, path, sentences } = explanation
  compareDecision(facts, question, right, decision)
  const differ = (about: string) => new Disagreement(about, { question, oracle: right, engine: explanation })
  for (const step of path) checkAddress(facts, step)
  const resource = find.place(facts, question.organizationId, question.resource)
  const way = resource === undefined ? [] : wayUp(facts, resource).map(({ id }) => id)
  if (
    !sameWords(
      path.map(({ id }) => id),
      way,
    )
  )
    throw differ('the way up is another one')
  const said = decision.kind === 'allow' ? 'allowed' : 'denied'
  if (!sentences[0]?.startsWith(said)) throw differ(`the first sentence does not begin with "${said}"`)

  if (decision.kind === 'allow' && right.kind === 'allow') {
    if (!namesAll(facts, decision.grants, right.grants)) throw differ('not every grant is named')
    for (const [index, { grants }] of (decision.delegations ?? []).entries()) {
      if (!namesAll(facts, grants, right.delegations[index] ?? []))
        throw differ('not every grant of a party is named')
    }
  }
  if (decision.kind === 'deny' && right.kind === 'deny') {
    const { nearestMisses, exclusions = [] } = decision
    const distances = nearestMisses.map(({ on }) => way.indexOf(on.id))
    if (distances.some((distance, index) => distance < (distances[index - 1] ?? 0)))
      throw differ('the misses are not nearest first')
    if (!sameSet(nearestMisses.map(missKey), right.nearestMisses.map(missKey)))
      throw differ('not every miss is named')
    const hits = exclusions.map((hit) => hitKey(facts, hit))
    if (!sameSet(hits, right.denials.map(denialKey))) throw differ('not every exclusion is named')
    const party = decision.onBehalfOf ?? question.subject
    const expected = right.denials.length > 0 ? 'excluded' : 'allow'
    for (const miss of nearestMisses) {
      const given = answer(withRoleGiven(facts, question, party, miss), { ...question, ...alone(party) })
      if ((given.kind === 'deny' ? given.reason : given.kind) !== expected)
        throw differ('giving a role that was named as a miss does not help')
    }
  }
}

/** The same question by one party for itself. */
function alone(subject: SubjectRef): Pick<CheckQuestion, 'subject' | 'onBehalfOf'> {
  return { subject, onBehalfOf: [] }
}

/** The world in which the party was given that role there. */
function withRoleGiven(
  facts: Facts,
  { organizationId }: CheckQuestion,
  subject: SubjectRef,
  { role, on }: NearestMiss,
): Facts {
  const resource = { resourceId: on.id }
  const command = { do: 'assignRole', organizationId, subject, role, resource } as const
  return apply(facts, command, { assignment: 'role_assignment_tried' as AssignmentFact['id'] })
}

function namesAll(facts: Facts, grants: readonly Grant[], right: readonly GrantFact[]): boolean {
  return sameSet(
    grants.map((grant) => engineGrantKey(facts, grant)),
    right.map(grantKey),
  )
}

function sameSet(some: readonly string[], others: readonly string[]): boolean {
  return sameWords([...some].sort(), [...others].sort())
}

function sameWords(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((word, index) => word === others[index])
}
