import type { AnyEntity, Resource } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { applyChange } from './apply-change.js'
import { OrganizationGraph } from './organization-graph.js'

/** The graph of a loaded shard, whatever order its entities come in. */
export function buildGraph(environment: Environment, entities: Iterable<AnyEntity>): OrganizationGraph {
  const graph = new OrganizationGraph(environment)
  const waiting = new Map<AnyEntity['kind'], AnyEntity[]>()
  for (const each of entities) {
    const list = waiting.get(each.kind)
    if (list === undefined) waiting.set(each.kind, [each])
    else list.push(each)
  }
  const count = (kind: AnyEntity['kind']) => waiting.get(kind)?.length ?? 0
  graph.records.reserve({
    memberships: count('membership'),
    resources: count('resource'),
    groups: count('group'),
    links: count('group_member'),
    rows: count('assignment'),
  })
  const resources = (waiting.get('resource') ?? []) as { readonly entity: Resource }[]
  for (const { entity } of resources) graph.resources.add(entity)
  for (const { entity } of resources) {
    if (entity.parentId !== null)
      graph.resources.link(graph.resource(entity.id), graph.resource(entity.parentId))
  }
  for (const kind of buildOrder) {
    for (const each of together(waiting.get(kind) ?? [])) applyChange(graph, { op: 'put', ...each })
  }
  graph.trim()
  return graph
}

/** What refers to others comes after them. Resources, which refer to each other, are linked on their own. */
const buildOrder: readonly AnyEntity['kind'][] = [
  'organization',
  'organization_role',
  'role_order',
  'membership',
  'group',
  'group_member',
  'assignment',
  'mapping',
  'exclusion',
]

/**
 * The same entities, those that are looked through together one after the other: the rows of one subject, and the
 * groups of one membership, then stand side by side in memory.
 */
function together(entities: readonly AnyEntity[]): readonly AnyEntity[] {
  const lists = new Map<string, AnyEntity[]>()
  for (const each of entities) {
    if (each.kind !== 'assignment' && each.kind !== 'group_member') return entities
    const key = each.kind === 'assignment' ? each.entity.subject.id : each.entity.membershipId
    const list = lists.get(key)
    if (list === undefined) lists.set(key, [each])
    else list.push(each)
  }
  return [...lists.values()].flat()
}
