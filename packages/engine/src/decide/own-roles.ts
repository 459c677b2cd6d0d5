import type { Mapping } from '../graph/mapping-table.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'

/** An organization-level role that a membership has by itself: its own, or by a mapping of the identity provider. */
export interface OwnRole {
  readonly role: number
  readonly mapping: Mapping | undefined
}

/**
 * The organization-level roles of a membership, groups left aside. What the identity provider maps explicitly
 * goes before what was chosen by hand, directory sync before a sign-in; a choice made after it told last holds
 * until it tells again. Where nothing is mapped, the membership's own roles hold.
 */
export function ownRoles(graph: OrganizationGraph, membership: number): readonly OwnRole[] {
  const fact = graph.memberships.roleFact(membership)
  if (fact === undefined) {
    const sole = graph.memberships.soleRole(membership)
    return sole === none ? [] : [{ role: sole, mapping: undefined }]
  }
  if (!fact.rolesOverrideDirectory) {
    const { directory, sso } = fact.directoryGroups
    const mapped = onOrganization(graph, directory) ?? onOrganization(graph, sso)
    if (mapped !== undefined) return mapped
  }
  return fact.roleIds.flatMap((id) => {
    const role = graph.roles.byId(id)
    return role === none ? [] : [{ role, mapping: undefined }]
  })
}

/** What the identity provider's groups give this membership below the organization: always in addition. */
export function* mappedBelow(graph: OrganizationGraph, membership: number): Generator<Mapping, void> {
  const groups = graph.memberships.roleFact(membership)?.directoryGroups
  if (groups === undefined) return
  for (const name of new Set([...(groups.directory ?? []), ...(groups.sso ?? [])])) {
    for (const mapping of graph.mappings.of(name))
      if (mapping.resource !== graph.resources.root) yield mapping
  }
}

function onOrganization(
  graph: OrganizationGraph,
  groups: readonly string[] | null,
): readonly OwnRole[] | undefined {
  const mapped = (groups ?? [])
    .flatMap((name) => graph.mappings.of(name))
    .filter(({ resource, role }) => resource === graph.resources.root && role !== none)
    .map((mapping): OwnRole => ({ role: mapping.role, mapping }))
  return mapped.length === 0 ? undefined : mapped
}
