import { type Asking } from '@bailiwick/core'
import { requireShortChain } from '../decide/decide.js'
import { locateSubject } from '../decide/subject.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { Holder } from '../graph/row-table.js'

/**
 * Everybody who has to be allowed: who asks, and all on whose behalf. `undefined` when one of them is denied
 * whatever is asked: unknown, or not active.
 *
 * @throws {InputInvalid} for a chain beyond its limit.
 */
export function locateAll(
  graph: OrganizationGraph,
  { subject, onBehalfOf = [] }: Pick<Asking, 'subject' | 'onBehalfOf'>,
): readonly Holder[] | undefined {
  requireShortChain(onBehalfOf)
  if (graph.organization === undefined) return undefined
  const asking = locateSubject(graph, subject)
  if (typeof asking === 'string') return undefined
  const holders: Holder[] = [asking]
  for (const party of onBehalfOf) {
    const holder = locateSubject(graph, party)
    if (typeof holder === 'string') return undefined
    holders.push(holder)
  }
  return holders
}
