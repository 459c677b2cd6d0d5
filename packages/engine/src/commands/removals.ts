import type { Change } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { agentKind, type Holder, holderOf } from '../graph/row-table.js'

/** What refers to resources or to holders, and goes or stays with them. */
export interface Dependents {
  /** Entries of the row table. */
  readonly assignments: ReadonlySet<number>
  readonly mappings: ReadonlySet<string>
  readonly exclusions: ReadonlySet<string>
}

/** What is held on these resources, and what they hold themselves where they are agents. */
export function dependentsOfResources(
  { rows, resources, mappings, exclusions }: OrganizationGraph,
  entries: ReadonlySet<number>,
): Dependents {
  const assignments = new Set<number>()
  for (const entry of entries) {
    for (let row = resources.firstRow(entry); row !== none; row = rows.nextOnResource(row))
      assignments.add(row)
    for (let row = rows.first(holderOf(agentKind, entry)); row !== none; row = rows.nextOfHolder(row))
      assignments.add(row)
  }
  const concerns = (holder: Holder) => (holder & 3) === agentKind && entries.has(holder >> 2)
  return {
    assignments,
    mappings: new Set([...mappings.all()].filter((each) => entries.has(each.resource)).map(({ id }) => id)),
    exclusions: new Set(
      [...exclusions.all()]
        .filter(({ resource, holder }) => entries.has(resource) || concerns(holder))
        .map(({ id }) => id),
    ),
  }
}

/**
 * Remove a resource, everything below it, and all that depends on any of them: deepest first, so that nothing
 * goes while something still refers to it.
 */
export function removalsOfResource(graph: OrganizationGraph, resource: number): Change[] {
  const entries = selfAndBelow(graph, resource)
  return [
    ...removalsOf(graph, dependentsOfResources(graph, new Set(entries))),
    ...entries
      .reverse()
      .map((entry): Change => ({ op: 'remove', kind: 'resource', id: graph.resources.id(entry) })),
  ]
}

/** Take back everything that a membership or a group holds. */
export function removalsOfHolder(graph: OrganizationGraph, holder: Holder): Change[] {
  const assignments = new Set<number>()
  for (let row = graph.rows.first(holder); row !== none; row = graph.rows.nextOfHolder(row))
    assignments.add(row)
  const exclusions = new Set(graph.exclusions.of(holder).map(({ id }) => id))
  return removalsOf(graph, { assignments, mappings: new Set(), exclusions })
}

/** Take a membership out of a group. */
export function removalOfMember(
  { groups, memberships }: OrganizationGraph,
  group: number,
  membership: number,
): Change {
  return {
    op: 'remove',
    kind: 'group_member',
    id: `${groups.id(group)}/${memberships.id(membership)}`,
  }
}

function removalsOf(
  { rows }: OrganizationGraph,
  { assignments, mappings, exclusions }: Dependents,
): Change[] {
  return [
    ...[...exclusions].map((id): Change => ({ op: 'remove', kind: 'exclusion', id })),
    ...[...mappings].map((id): Change => ({ op: 'remove', kind: 'mapping', id })),
    ...[...assignments].map((row): Change => ({ op: 'remove', kind: 'assignment', id: rows.id(row) })),
  ]
}

/** A resource and all below it, each after its parent. */
function selfAndBelow({ resources }: OrganizationGraph, resource: number): number[] {
  const entries = [resource]
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] as number
    for (let child = resources.firstChild(entry); child !== none; child = resources.nextSibling(child))
      entries.push(child)
  }
  return entries
}
