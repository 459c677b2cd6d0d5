import { limits, type ResourceAddress, type Scope, type ScopeQuestion, ScopeTooLarge } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { locateAll } from './locate.js'
import { highestOf, type Region, regionOf } from './region.js'

/**
 * Describe the resources of one type on which a check would allow: everything below some resources, but not below
 * some others. Exact, because what is granted holds on everything below, and so does what is denied.
 *
 * @throws {PermissionUnknown}, {ResourceTypeUnknown} or {InputInvalid} for a question that makes no sense;
 *   {ScopeTooLarge} for a description of more than 10 000 resources.
 */
export function scope(graph: OrganizationGraph, question: ScopeQuestion): Scope {
  const { environment, resources } = graph
  const permission = environment.permissionIndex(question.permission)
  const { slug: type } = environment.model.type(question.type)
  const holders = locateAll(graph, question)
  if (holders === undefined) return { kind: 'none' }
  const region = regionOf(graph, holders, permission, none, Number.POSITIVE_INFINITY)
  const canHold = (resource: number) =>
    environment.model.type(environment.typeSlug(resources.type(resource))).selfAndBelow.has(type)
  const within = highestOf(graph, region.tops).filter(canHold)
  const except = exceptions(graph, region).filter(canHold)
  if (within.length + except.length > limits.resourcesPerScope)
    throw new ScopeTooLarge(question.permission, limits.resourcesPerScope)

  const { organizationId } = question
  const [first, ...others] = addresses(graph, within)
  if (first === undefined) return { kind: 'none' }
  if (within[0] === resources.root && except.length === 0) return { kind: 'all', organizationId, type }
  return { kind: 'some', organizationId, type, within: [first, ...others], except: addresses(graph, except) }
}

/** What is denied inside of the region, the topmost only. */
function exceptions({ resources }: OrganizationGraph, { tops, denied }: Region): readonly number[] {
  const topmost = new Set(tops)
  const all = new Set(denied)
  return [...all].filter((resource) => {
    for (let entry = resources.parent(resource); entry !== none; entry = resources.parent(entry)) {
      if (all.has(entry)) return false
      if (topmost.has(entry)) return true
    }
    return false
  })
}

function addresses({ resources }: OrganizationGraph, entries: readonly number[]): readonly ResourceAddress[] {
  return [...entries]
    .sort((one, other) => resources.ids.compare(one, other))
    .map((entry) => resources.address(entry))
}
