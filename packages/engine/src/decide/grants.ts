import type { AssignmentId, ExclusionHit, Grant } from '@bailiwick/core'
import type { ExclusionEntry } from '../graph/exclusion-table.js'
import type { Mapping } from '../graph/mapping-table.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { groupKind, type Holder } from '../graph/row-table.js'
import { type AssignmentGrant, type Names, unnamed } from './names.js'
import type { GrantSink } from './walk.js'

/** Knows that something grants, and nothing else: what a plain yes or no costs. */
export const anyGrant: GrantSink = {
  own: () => true,
  row: () => true,
  mapping: () => true,
  single: () => true,
}

/** Writes down the grants of a subject as decisions name them: up to `most`, then it ends the walk. */
export class GrantNotes implements GrantSink {
  readonly grants: Grant[] = []

  constructor(
    private readonly graph: OrganizationGraph,
    private readonly holder: Holder,
    private readonly most: number,
    private readonly names: Names,
  ) {}

  own(role: number): boolean {
    const { resources, roles } = this.graph
    return this.#note({
      from: 'membership',
      role: roles.role(role).slug,
      on: this.names.address(resources.root),
    })
  }

  row(row: number, holder: Holder): boolean {
    const { rows, roles, groups } = this.graph
    const assignmentId = unnamed as AssignmentId
    const role = roles.role(rows.role(row)).slug
    const on = this.names.address(rows.resource(row))
    const grant: AssignmentGrant =
      holder !== this.holder && (holder & 3) === groupKind
        ? { from: 'group', groupId: groups.id(holder >> 2), assignmentId, role, on }
        : { from: 'assignment', assignmentId, role, on }
    this.names.assignment(row, grant)
    return this.#note(grant)
  }

  mapping({ id, directoryGroup, role, resource }: Mapping): boolean {
    const on = this.names.address(resource)
    return this.#note({
      from: 'directory',
      mappingId: id,
      directoryGroup,
      role: this.graph.roles.role(role).slug,
      on,
    })
  }

  single({ id, holder, resource }: ExclusionEntry): boolean {
    const on = this.names.address(resource)
    return this.#note({ from: 'permission', exclusionId: id, holder: this.graph.subject(holder), on })
  }

  #note(grant: Grant): boolean {
    this.grants.push(grant)
    return this.grants.length >= this.most
  }
}

/** Writes down what denies. */
export class DenialNotes implements Pick<GrantSink, 'single'> {
  readonly hits: ExclusionHit[] = []

  constructor(
    private readonly graph: OrganizationGraph,
    private readonly most: number,
    private readonly names: Names,
  ) {}

  single({ id, holder, resource }: ExclusionEntry): boolean {
    const on = this.names.address(resource)
    this.hits.push({ exclusionId: id, holder: this.graph.subject(holder), on })
    return this.hits.length >= this.most
  }
}
