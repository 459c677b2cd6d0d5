import type { AnyEntity, EntityByKind, EntityKind } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { nothingPacked, type PackedByKind } from '../store/packed-facts.js'
import { PackedBuilder } from './add-packed.js'
import { applyChange } from './apply-change.js'
import { wholeWords } from './byte-arena.js'
import { found } from './found.js'
import { OrganizationGraph } from './organization-graph.js'
import { together } from './together.js'

/**
 * The graph of a loaded shard, whatever order its entities come in. A store holds each entity once, so that what
 * is many is added without a look at whether it is there.
 *
 * @param packed - More of the same shard, none of which is among the entities.
 */
export function buildGraph(
  environment: Environment,
  entities: Iterable<AnyEntity>,
  packed: PackedByKind = nothingPacked,
): OrganizationGraph {
  const graph = new OrganizationGraph(environment)
  const loaded = byKind(entities)
  const builder = new PackedBuilder(graph, packed)
  const counts = {
    memberships: loaded('membership').length + builder.count('membership'),
    resources: loaded('resource').length + builder.count('resource'),
    groups: loaded('group').length,
    links: loaded('group_member').length + builder.count('group_member'),
    rows: loaded('assignment').length + builder.count('assignment'),
  }
  graph.reserve(counts, textBytes(loaded) + builder.textBytes)
  for (const kind of ['organization', 'organization_role', 'role_order'] as const) putAll(graph, kind, loaded)
  // Resources refer to each other: all are added before any is linked.
  const links = [builder.addResources(), addResources(graph, loaded('resource'))]
  for (const link of links) link()
  builder.addMemberships()
  for (const membership of loaded('membership')) graph.memberships.add(membership)
  for (const group of loaded('group')) graph.groups.add(group)
  builder.addMembers()
  addMembers(graph, loaded('group_member'))
  builder.addRows()
  addRows(graph, loaded('assignment'))
  for (const kind of ['mapping', 'exclusion'] as const) putAll(graph, kind, loaded)
  graph.trim()
  return graph
}

type Loaded = <Kind extends EntityKind>(kind: Kind) => readonly EntityByKind[Kind][]

function byKind(entities: Iterable<AnyEntity>): Loaded {
  const lists = new Map<EntityKind, AnyEntity['entity'][]>()
  let kind: EntityKind | undefined
  let list: AnyEntity['entity'][] = []
  for (const each of entities) {
    // Stores yield one kind after the other.
    if (each.kind !== kind) {
      kind = each.kind
      list = lists.get(kind) ?? []
      lists.set(kind, list)
    }
    list.push(each.entity)
  }
  return <Kind extends EntityKind>(wanted: Kind) => (lists.get(wanted) ?? []) as EntityByKind[Kind][]
}

/** How many bytes the texts take, each filled up to whole words. */
function textBytes(loaded: Loaded): number {
  let bytes = 0
  for (const { id, userId } of loaded('membership'))
    bytes += wholeWords(id.length) + wholeWords(userId.length)
  for (const { externalId } of loaded('resource')) bytes += wholeWords(externalId.length)
  return bytes
}

/** For kinds of which there are few. */
function putAll(graph: OrganizationGraph, kind: EntityKind, loaded: Loaded): void {
  for (const entity of loaded(kind))
    applyChange(graph, { op: 'put', kind, entity } as Parameters<typeof applyChange>[1])
}

/** @returns What puts them under their parents. */
function addResources(graph: OrganizationGraph, resources: readonly EntityByKind['resource'][]): () => void {
  const entries = resources.map((resource) => graph.resources.add(resource))
  return () => {
    for (const [n, { parentId }] of resources.entries()) {
      if (parentId !== null) graph.resources.link(entries[n] as number, graph.resource(parentId))
    }
  }
}

function addMembers(graph: OrganizationGraph, members: readonly EntityByKind['group_member'][]): void {
  const memberships = members.map(({ membershipId }) =>
    found(graph.memberships.findById(membershipId), membershipId),
  )
  for (const n of together(memberships)) {
    const { groupId } = members[n] as EntityByKind['group_member']
    graph.groups.join(found(graph.groups.find(groupId), groupId), memberships[n] as number)
  }
}

function addRows(graph: OrganizationGraph, assignments: readonly EntityByKind['assignment'][]): void {
  const holders = assignments.map(({ subject }) => graph.holder(subject))
  for (const n of together(holders)) {
    const { id, resourceId, roleId } = assignments[n] as EntityByKind['assignment']
    const role = found(graph.roles.byId(roleId), roleId)
    graph.rows.add(id, holders[n] as number, graph.resource(resourceId), role)
  }
}
