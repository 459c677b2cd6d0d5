import type { CheckQuestion, Decision, ExclusionHit, Grant, ResourceAddress } from '@bailiwick/core'
import type { Answer, MissFact } from './answer.js'
import { Disagreement } from './disagreement.js'
import type { Facts } from './facts.js'
import type { DenialFact, GrantFact } from './holdings.js'

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
    if (!sameText(decision.onBehalfOf, right.onBehalfOf)) throw differ('denied to another party')
    const misses = right.nearestMisses.map(missKey)
    if (!decision.nearestMisses.every((miss) => misses.includes(missKey(miss))))
      throw differ('a miss is named that is none')
    for (const { on } of decision.nearestMisses) checkAddress(facts, on)
    const denials = right.denials.map(denialKey)
    const { exclusions = [] } = decision
    if (!exclusions.every((hit) => denials.includes(hitKey(facts, hit))))
      throw differ('an exclusion is named that does not deny it')
    if (exclusions.length === 0 && denials.length > 0) throw differ('no exclusion is named')
  }
  if (decision.kind === 'allow' && right.kind === 'allow') {
    if (!areAmong(facts, decision.grants, right.grants)) throw differ('a grant is named that does not hold')
    const { delegations = [] } = decision
    if (delegations.length !== right.delegations.length) throw differ('not every party is named')
    for (const [index, { onBehalfOf, grants }] of delegations.entries()) {
      if (!sameText(onBehalfOf, question.onBehalfOf?.[index])) throw differ('another party is named')
      if (!areAmong(facts, grants, right.delegations[index] ?? []))
        throw differ('a grant of a party is named that does not hold')
    }
  }
}

/** One text for one grant, whoever tells of it. */
export function grantKey(grant: GrantFact): string {
  switch (grant.from) {
    case 'membership':
      return `membership ${grant.role} ${grant.on}`
    case 'assignment':
      return `assignment ${grant.assignmentId} ${grant.role} ${grant.on}`
    case 'group':
      return `group ${grant.groupId} ${grant.assignmentId} ${grant.role} ${grant.on}`
    case 'directory':
      return `directory ${grant.mappingId} ${grant.directoryGroup} ${grant.role} ${grant.on}`
    case 'permission':
      return `permission ${grant.exclusionId} ${grant.holder.kind} ${grant.holder.id} ${grant.on}`
  }
}

/** The same for a grant as an engine names it. */
export function engineGrantKey(facts: Facts, grant: Grant): string {
  if (grant.from === 'session' || grant.from === 'service') return 'an engine says why'
  checkAddress(facts, grant.on)
  return grantKey({ ...grant, on: grant.on.id })
}

/** The same for a miss, whoever tells of it. */
export function missKey({ role, on }: MissFact | { role: string; on: ResourceAddress }): string {
  return `${role} ${typeof on === 'string' ? on : on.id}`
}

/** The same for an exclusion that denies. */
export function denialKey({ exclusionId, holder, on }: DenialFact): string {
  return `${exclusionId} ${holder.kind} ${holder.id} ${on}`
}

/** The same as an engine names it. */
export function hitKey(facts: Facts, { exclusionId, holder, on }: ExclusionHit): string {
  checkAddress(facts, on)
  return `${exclusionId} ${holder.kind} ${holder.id} ${on.id}`
}

/** Fail unless the type and the external id of an address are those of its resource. */
export function checkAddress(facts: Facts, address: ResourceAddress): void {
  const resource = facts.resources.find(({ id }) => id === address.id)
  if (resource?.type !== address.type || resource.externalId !== address.externalId) {
    throw new Disagreement('an address does not fit its resource', { engine: address, oracle: resource })
  }
}

function areAmong(facts: Facts, grants: readonly Grant[], right: readonly GrantFact[]): boolean {
  const keys = right.map(grantKey)
  return grants.length > 0 && grants.every((grant) => keys.includes(engineGrantKey(facts, grant)))
}

function sameText(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
