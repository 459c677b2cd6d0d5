import { createMongoAbility, type MongoAbility, subject } from '@casl/ability'
import { idOf } from '../workload/ids.js'
import { memberRole, type PermissionSlug, roles } from '../workload/model.js'
import type { Question } from '../workload/questions.js'
import type { Facts } from './facts.js'

/**
 * CASL with the ability of every membership that will ask built beforehand and kept: one rule a permission, the
 * resources that grant it in one list. The application finds the ancestors of the resource itself.
 */
export class CaslPeer {
  readonly #abilities: ReadonlyMap<string, MongoAbility>

  constructor(
    private readonly facts: Facts,
    memberships: Iterable<number>,
  ) {
    this.#abilities = new Map(
      Array.from(memberships, (each) => [idOf('membership', each), abilityOf(facts, each)]),
    )
  }

  check({ membershipId, permission, type, externalId }: Question): boolean {
    const path = this.facts.path(externalId)
    return this.#abilities.get(membershipId)?.can(permission, subject(type, { path })) ?? false
  }
}

function abilityOf(facts: Facts, membership: number): MongoAbility {
  const granting = new Map<PermissionSlug, Set<string>>()
  const grant = (role: number, on: string) => {
    for (const permission of roles[role]?.permissions ?? []) {
      const places = granting.get(permission) ?? new Set<string>()
      granting.set(permission, places.add(on))
    }
  }
  grant(facts.workload.ownRole[membership] ?? memberRole, facts.organizationId(membership))
  for (const holder of facts.holders(membership))
    for (const { role, on } of facts.rows(holder)) grant(role, on)
  return createMongoAbility(
    Array.from(granting, ([action, places]) => ({
      action,
      subject: action.split(':')[0] as string,
      conditions: { path: { $in: [...places] } },
    })),
  )
}
