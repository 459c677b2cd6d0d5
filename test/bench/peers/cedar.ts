import { type EntityJson, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { idOf } from '../workload/ids.js'
import { roles } from '../workload/model.js'
import type { Question } from '../workload/questions.js'
import type { Facts } from './facts.js'

const policySet = 'bench'

/**
 * Cedar with its policies parsed beforehand: one a role, true where the resource lies in what the principal holds
 * the role on. The principals that will ask are built beforehand; only the few entities that matter are passed.
 */
export class CedarPeer {
  readonly #principals: ReadonlyMap<string, EntityJson>

  constructor(
    private readonly facts: Facts,
    memberships: Iterable<number>,
  ) {
    const parsed = preparsePolicySet(policySet, { staticPolicies: policies() })
    if (parsed.type !== 'success')
      throw new Error(`Cedar refuses the policies: ${JSON.stringify(parsed.errors)}`)
    this.#principals = new Map(
      Array.from(memberships, (each) => [idOf('membership', each), principalOf(facts, each)]),
    )
  }

  check({ membershipId, permission, externalId }: Question): boolean {
    const principal = this.#principals.get(membershipId)
    if (principal === undefined) return false
    const path = this.facts.path(externalId)
    const answer = statefulIsAuthorized({
      principal: principal.uid,
      action: { type: 'Action', id: permission },
      resource: resource(externalId),
      context: {},
      preparsedPolicySetId: policySet,
      entities: [principal, ...path.map((id, step) => placed(id, path[step + 1]))],
    })
    if (answer.type !== 'success') throw new Error(`Cedar cannot decide: ${JSON.stringify(answer.errors)}`)
    return answer.response.decision === 'allow'
  }
}

function policies(): string {
  return roles
    .map(({ permissions }, role) => {
      const actions = permissions.map((each) => `Action::"${each}"`).join(', ')
      return `permit(principal, action in [${actions}], resource) when { resource in principal.${heldAs(role)} };`
    })
    .join('\n')
}

function principalOf(facts: Facts, membership: number): EntityJson {
  const held: { type: string; id: string }[][] = roles.map(() => [])
  held[facts.workload.ownRole[membership] as number]?.push(resource(facts.organizationId(membership)))
  for (const holder of facts.holders(membership))
    for (const { role, on } of facts.rows(holder)) held[role]?.push(resource(on))
  return {
    uid: { type: 'Membership', id: idOf('membership', membership) },
    attrs: Object.fromEntries(
      held.map((places, role) => [heldAs(role), places.map((place) => ({ __entity: place }))]),
    ),
    parents: [],
  }
}

function heldAs(role: number): string {
  return `held${role}`
}

function placed(id: string, parent: string | undefined): EntityJson {
  return { uid: resource(id), attrs: {}, parents: parent === undefined ? [] : [resource(parent)] }
}

function resource(id: string): { type: string; id: string } {
  return { type: 'Resource', id }
}
