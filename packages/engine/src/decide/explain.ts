import type { CheckQuestion, Explanation, ResourceAddress, Revision } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { decide, inFull } from './decide.js'
import { sentencesOf } from './sentences.js'

/**
 * The complete form of a decision: every grant, or every nearest miss, and the way up to the organization.
 *
 * @throws {PermissionUnknown} when the model has no such permission.
 */
export function explain(graph: OrganizationGraph, revision: Revision, question: CheckQuestion): Explanation {
  const decision = decide(graph, question, inFull)
  const path = pathUp(
    graph,
    question.resource === undefined ? graph.resources.root : graph.findResource(question.resource),
  )
  return { question, decision, path, sentences: sentencesOf(question, decision, path), revision }
}

function pathUp(graph: OrganizationGraph, resource: number): readonly ResourceAddress[] {
  const path: ResourceAddress[] = []
  for (let entry = resource; entry !== none; entry = graph.resources.parent(entry))
    path.push(graph.resources.address(entry))
  return path
}
