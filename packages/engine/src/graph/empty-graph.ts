import type { Environment } from '../environment/environment.js'
import { OrganizationGraph } from './organization-graph.js'

const graphs = new WeakMap<Environment, OrganizationGraph>()

/**
 * The graph of every organization in which nothing is, for reading only. Anybody can ask for organizations that do not
 * exist, and to build a graph for each costs ten times what the answer does.
 */
export function emptyGraph(environment: Environment): OrganizationGraph {
  const graph = graphs.get(environment) ?? new OrganizationGraph(environment)
  graphs.set(environment, graph)
  return graph
}
