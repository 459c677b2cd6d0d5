import type { CheckQuestion, Decision, Explanation, ResourceAddress, Revision } from '@bailiwick/core'
import type { ResourceNode } from '../graph/nodes.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { grants, locate } from './decide.js'
import { nearestMisses } from './nearest-misses.js'
import { sentencesOf } from './sentences.js'

/**
 * The complete form of a decision: every grant, or every nearest miss, and the way up to the organization.
 *
 * @throws {PermissionUnknown} when the model has no such permission.
 */
export function explain(graph: OrganizationGraph, revision: Revision, question: CheckQuestion): Explanation {
  const decision = decideInFull(graph, question)
  const asked = question.resource === undefined ? graph.root : graph.findResource(question.resource)
  const path = pathUp(asked)
  return { question, decision, path, sentences: sentencesOf(question, decision, path), revision }
}

function decideInFull(graph: OrganizationGraph, question: CheckQuestion): Decision {
  const permission = graph.environment.permissionIndex(question.permission)
  const located = locate(graph, question)
  if (typeof located === 'string') return { kind: 'deny', reason: located, nearestMisses: [] }
  const [first, ...rest] = grants(graph, located, permission)
  if (first !== undefined) return { kind: 'allow', grants: [first, ...rest] }
  return {
    kind: 'deny',
    reason: 'no_grant',
    nearestMisses: nearestMisses(graph, located.resource, question.permission),
  }
}

function pathUp(resource: ResourceNode | undefined): readonly ResourceAddress[] {
  const path: ResourceAddress[] = []
  for (let node = resource; node !== undefined; node = node.parent) path.push(node.address)
  return path
}
