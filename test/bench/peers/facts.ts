import { idOf } from '../workload/ids.js'
import { externalIdOf } from '../workload/questions.js'
import type { Workload } from '../workload/workload.js'

/** Who holds what, as strings: what an application looks up in its own tables to feed a library. */
export class Facts {
  readonly #ids: readonly string[]
  readonly #resources: ReadonlyMap<string, number>

  constructor(readonly workload: Workload) {
    this.#ids = Array.from(workload.parent, (_, resource) => externalIdOf(workload, resource))
    this.#resources = new Map(this.#ids.map((id, resource) => [id, resource]))
  }

  /** The ids from a resource up to and including its organization; empty for one that is not known. */
  path(externalId: string): readonly string[] {
    const path: string[] = []
    for (let at = this.#resources.get(externalId) ?? -1; at >= 0; at = this.workload.parent[at] as number)
      path.push(this.#ids[at] as string)
    return path
  }

  organizationId(membership: number): string {
    return idOf('organization', Math.floor(membership / this.workload.size.membershipsEach))
  }

  /** The membership and its groups, as rows know them: a group stands after all memberships. */
  holders(membership: number): readonly number[] {
    const { groupsOf, memberships } = this.workload
    const groups = groupsOf.items.subarray(groupsOf.starts[membership], groupsOf.starts[membership + 1])
    return [membership, ...Array.from(groups, (group) => memberships + group)]
  }

  holderId(holder: number): string {
    const { memberships } = this.workload
    return holder < memberships ? idOf('membership', holder) : idOf('group', holder - memberships)
  }

  /** The roles of one holder, each with the id of the resource it is held on. */
  *rows(holder: number): Generator<{ readonly role: number; readonly on: string }, void> {
    const { starts, items } = this.workload.rowsOf
    for (const row of items.subarray(starts[holder], starts[holder + 1]))
      yield { role: row & 7, on: this.#ids[row >> 3] as string }
  }
}
