import type { OrganizationGraph } from '../graph/organization-graph.js'

/** Numbers for graphs as they are at one moment: what is kept under one holds nothing of the graph in memory. */
export class GraphStates {
  readonly #states = new WeakMap<OrganizationGraph, { readonly version: number; readonly state: number }>()
  #last = 0

  /** @param versionOf - What makes a graph another one. */
  constructor(private readonly versionOf: (graph: OrganizationGraph) => number) {}

  of(graph: OrganizationGraph): number {
    const version = this.versionOf(graph)
    const known = this.#states.get(graph)
    if (known?.version === version) return known.state
    this.#last += 1
    this.#states.set(graph, { version, state: this.#last })
    return this.#last
  }
}
