import type { Store } from '../store/store.js'
import type { Difference } from './model-steps.js'
import type { EnvironmentRecords } from './records.js'
import { scanAll } from './scan-all.js'

/** Through what a step reaches people: the ways in which they hold the roles that it concerns. */
export interface Reach {
  /** Memberships with such a role of their own. */
  readonly memberships: number
  readonly assignments: number
  readonly mappings: number
  /** Roles of organizations that hold a permission which goes. Their holders are among the others. */
  readonly organizationRoles: number
}

export const untouched: Reach = { memberships: 0, assignments: 0, mappings: 0, organizationRoles: 0 }

/** One step's reach in one direction, while it is counted. */
type Tally = { -readonly [Way in keyof Reach]: Reach[Way] }

/**
 * Count whom each difference reaches, in the order of the differences. An entity counts once for a step, however
 * many of its roles the step concerns.
 */
export async function countReach(
  store: Store,
  records: EnvironmentRecords,
  differences: readonly Difference[],
): Promise<readonly { readonly gains: Reach; readonly loses: Reach }[]> {
  const reached = differences.map(() => ({ gains: { ...untouched }, loses: { ...untouched } }))
  const byRole = new TalliesByRole()
  for (const [index, { gainingRoles, losingRoles }] of differences.entries()) {
    const tallies = reached[index] as (typeof reached)[number]
    for (const slug of gainingRoles) byRole.add(records.roles.get(slug)?.id, tallies.gains)
    for (const slug of losingRoles) byRole.add(records.roles.get(slug)?.id, tallies.loses)
  }
  const lossOf = new Map<string, Tally>()
  for (const [index, { op, part, slug }] of differences.entries()) {
    const id = records.permissions.get(slug)?.id
    if (op === 'remove' && part === 'permission' && id !== undefined)
      lossOf.set(id, (reached[index] as (typeof reached)[number]).loses)
  }
  if (lossOf.size > 0) {
    for await (const { id, permissionIds } of scanAll(store, 'organization_role')) {
      for (const permission of permissionIds) {
        const tally = lossOf.get(permission)
        if (tally === undefined) continue
        tally.organizationRoles += 1
        byRole.add(id, tally)
      }
    }
  }
  if (byRole.size === 0) return reached
  for await (const { roleIds } of scanAll(store, 'membership')) byRole.count(roleIds, 'memberships')
  for await (const { roleId } of scanAll(store, 'assignment')) byRole.count([roleId], 'assignments')
  for await (const { roleId } of scanAll(store, 'mapping')) byRole.count([roleId], 'mappings')
  return reached
}

/** The tallies that the holders of a role are counted in. */
class TalliesByRole {
  readonly #tallies = new Map<string, Tally[]>()

  get size(): number {
    return this.#tallies.size
  }

  add(roleId: string | undefined, tally: Tally): void {
    if (roleId !== undefined) this.#tallies.set(roleId, [...(this.#tallies.get(roleId) ?? []), tally])
  }

  /** Count one entity that holds these roles. */
  count(roleIds: readonly string[], way: keyof Reach): void {
    const tallies = new Set(roleIds.flatMap((id) => this.#tallies.get(id) ?? []))
    for (const tally of tallies) tally[way] += 1
  }
}
