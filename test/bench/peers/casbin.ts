import { type Enforcer, newEnforcer, newModel } from 'casbin'
import { idOf } from '../workload/ids.js'
import { roles } from '../workload/model.js'
import type { Question } from '../workload/questions.js'
import type { Facts } from './facts.js'

const model = `
[request_definition]
r = sub, dom, act
[policy_definition]
p = sub, act
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g(r.sub, p.sub, r.dom) && r.act == p.act
`

/**
 * casbin with the resource as the domain of a role: one policy a role and permission, one grouping a row. The
 * application finds ancestors and groups and asks for each pair of them, until one is allowed.
 */
export class CasbinPeer {
  readonly #memberships = new Map<string, number>()

  private constructor(
    private readonly facts: Facts,
    private readonly enforcer: Enforcer,
  ) {
    for (let each = 0; each < facts.workload.memberships; each++)
      this.#memberships.set(idOf('membership', each), each)
  }

  static async build(facts: Facts): Promise<CasbinPeer> {
    const enforcer = await newEnforcer(newModel(model))
    await enforcer.addPolicies(
      roles.flatMap(({ slug, permissions }) => permissions.map((each) => [slug, each])),
    )
    await enforcer.addGroupingPolicies(groupings(facts))
    return new CasbinPeer(facts, enforcer)
  }

  check({ membershipId, permission, externalId }: Question): boolean {
    const membership = this.#memberships.get(membershipId)
    if (membership === undefined) return false
    const path = this.facts.path(externalId)
    return this.facts.holders(membership).some((holder) => {
      const subject = this.facts.holderId(holder)
      return path.some((resource) => this.enforcer.enforceSync(subject, resource, permission))
    })
  }
}

function groupings(facts: Facts): string[][] {
  const { memberships, groups, ownRole } = facts.workload
  const slug = (role: number) => roles[role]?.slug as string
  const lines: string[][] = []
  for (let holder = 0; holder < memberships + groups; holder++) {
    const id = facts.holderId(holder)
    if (holder < memberships) lines.push([id, slug(ownRole[holder] as number), facts.organizationId(holder)])
    for (const { role, on } of facts.rows(holder)) lines.push([id, slug(role), on])
  }
  return lines
}
