import type { CheckQuestion, Decision, OrganizationId } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { decideNamed, inBrief } from './decide.js'
import { locateAhead } from './locate.js'
import { Names } from './names.js'

/**
 * Answer several checks, in their order. What those tell that are about one organization and follow each other is
 * named together.
 *
 * @param graphOf - The graph of an organization, or `undefined` where it cannot be had now.
 * @returns `undefined` where one of them cannot be.
 * @throws as `decide` does, for the first at fault.
 */
export function decideMany(
  questions: readonly CheckQuestion[],
  graphOf: (id: OrganizationId) => OrganizationGraph | undefined,
): readonly Decision[] | undefined {
  const decisions: Decision[] = []
  let last: OrganizationId | undefined
  let graph: OrganizationGraph | undefined
  let names: Names | undefined
  /** Those of this stretch have been located ahead. */
  let start = 0
  let end = 0
  for (let n = 0; n < questions.length; n++) {
    const question = questions[n] as CheckQuestion
    if (graph === undefined || question.organizationId !== last) {
      names?.tell()
      last = question.organizationId
      graph = graphOf(last)
      if (graph === undefined) return undefined
      names = new Names(graph)
    }
    if (n >= end) {
      start = n
      end = n + locateAhead(graph, questions, n)
    }
    const locatedAt = n < end ? n - start : undefined
    decisions.push(decideNamed(graph, question, names as Names, inBrief, locatedAt))
  }
  names?.tell()
  return decisions
}
