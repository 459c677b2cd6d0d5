import type { CheckQuestion, Decision, Explanation, Grant, ResourceAddress } from '@bailiwick/core'
import { type Answer, answer, type GrantFact, type MissFact, wayUp } from './answer.js'
import { apply } from './apply.js'
import { Disagreement } from './disagreement.js'
import type { Facts } from './facts.js'
import { find } from './find.js'

/** What a check says: the same answer for the same reason, and nothing named that is not so. */
export function compareDecision(
  facts: Facts,
  question: CheckQuestion,
  right: Answer,
  decision: Decision,
): void {
  const differ = (about: string) => new Disagreement(about, { question, oracle: right, engine: decision })
  if (decision.kind !== right.kind) throw differ(`the engine says ${decision.kind}, the oracle ${right.kind}`)
  if (decision.kind === 'deny' && right.kind === 'deny') {
    if (decision.reason !== right.reason) throw differ('denied for another reason')
    if (!decision.nearestMisses.every((miss) => isAmong(right.nearestMisses, missKey(named(facts, miss))))) {
      throw differ('a miss is named that is none')
    }
  }
  if (decision.kind === 'allow' && right.kind === 'allow') {
    if (decision.grants.length === 0) throw differ('an allow without a grant')
    const keys = right.grants.map(grantKey)
    if (!decision.grants.every((grant) => keys.includes(engineGrantKey(facts, grant)))) {
      throw differ('a grant is named that does not hold')
    }
  }
}

/** What explain says: all of it, in order, and each part true when it is tried. */
export function compareExplanation(
  facts: Facts,
  question: CheckQuestion,
  right: Answer,
  explanation: Explanation,
): void {
  const { decision, path, sentences } = explanation
  compareDecision(facts, question, right, decision)
  const differ = (about: string) => new Disagreement(about, { question, oracle: right, engine: explanation })
  if (
    !sameWords(
      path.map((step) => checkedId(facts, step)),
      pathOf(facts, question),
    )
  ) {
    throw differ('the way up is another one')
  }
  const verdict = decision.kind === 'allow' ? 'allowed' : 'denied'
  if (!sentences[0]?.startsWith(verdict)) throw differ(`the first sentence does not begin with "${verdict}"`)
  if (decision.kind === 'allow' && right.kind === 'allow') {
    const named = decision.grants.map((grant) => engineGrantKey(facts, grant))
    if (!sameWords(named.sort(), right.grants.map(grantKey).sort())) throw differ('not every grant is named')
    for (const grant of right.grants) {
      if (answer(withGrantAlone(facts, question, grant), question).kind !== 'allow') {
        throw differ('a grant does not allow it alone')
      }
    }
  }
  if (decision.kind === 'deny' && right.kind === 'deny') {
    const steps = path.map(({ id }) => id)
    const distances = decision.nearestMisses.map(({ on }) => steps.indexOf(on.id))
    if (distances.some((distance, index) => distance < (distances[index - 1] ?? 0))) {
      throw differ('the misses are not nearest first')
    }
    const keys = decision.nearestMisses.map((miss) => missKey(named(facts, miss)))
    if (!sameWords(keys.sort(), right.nearestMisses.map(missKey).sort()))
      throw differ('not every miss is named')
    for (const miss of decision.nearestMisses) {
      if (answer(withRoleGiven(facts, question, named(facts, miss)), question).kind !== 'allow') {
        throw differ('giving a role that was named as a miss does not allow it')
      }
    }
  }
}

function pathOf(facts: Facts, { organizationId, resource: ref }: CheckQuestion): readonly string[] {
  const resource =
    ref === undefined ? find.root(facts, organizationId) : find.resource(facts, organizationId, ref)
  return resource === undefined ? [] : wayUp(facts, resource).map(({ id }) => id)
}

/** The world in which the membership holds this grant and no other. */
function withGrantAlone(facts: Facts, question: CheckQuestion, grant: GrantFact): Facts {
  const self = find.membership(facts, question.organizationId, question.subject)
  const roles = grant.from === 'membership' ? [grant.role] : []
  const kept = grant.from === 'assignment' ? grant.assignmentId : undefined
  return {
    ...facts,
    memberships: facts.memberships.map((member) => (member === self ? { ...member, roles } : member)),
    assignments: facts.assignments.filter(({ id, membershipId }) => membershipId !== self?.id || id === kept),
  }
}

/** The world in which the membership was given that role there. */
function withRoleGiven(facts: Facts, { organizationId, subject }: CheckQuestion, miss: MissFact): Facts {
  const command = {
    do: 'assignRole',
    organizationId,
    subject,
    role: miss.role,
    resource: { resourceId: miss.on },
  } as const
  return apply(facts, command, { assignment: 'role_assignment_tried' as GrantFactId })
}

type GrantFactId = Extract<GrantFact, { from: 'assignment' }>['assignmentId']

function grantKey(grant: GrantFact): string {
  return JSON.stringify([
    grant.from,
    grant.role,
    grant.on,
    grant.from === 'assignment' ? grant.assignmentId : null,
  ])
}

function engineGrantKey(facts: Facts, grant: Grant): string {
  if (grant.from === 'session') return 'an engine knows no session'
  return grantKey({ ...grant, on: checkedId(facts, grant.on) })
}

function missKey({ role, on }: MissFact): string {
  return JSON.stringify([role, on])
}

function isAmong(misses: readonly MissFact[], key: string): boolean {
  return misses.some((miss) => missKey(miss) === key)
}

function named(facts: Facts, miss: { readonly role: string; readonly on: ResourceAddress }): MissFact {
  return { role: miss.role, on: checkedId(facts, miss.on) }
}

/** The id of an address, once its type and external id are those of the resource. */
function checkedId(facts: Facts, address: ResourceAddress): ResourceAddress['id'] {
  const resource = facts.resources.find(({ id }) => id === address.id)
  if (resource?.type !== address.type || resource.externalId !== address.externalId) {
    throw new Disagreement('an address does not fit its resource', { engine: address, oracle: resource })
  }
  return address.id
}

function sameWords(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((word, index) => word === others[index])
}
