import type { OrganizationId, Revision } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { buildGraph } from '../graph/build-graph.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { LoadedShard } from '../store/store.js'
import type { ShardContext } from './shard-context.js'

const mostLoads = 3

/**
 * Read an organization, and hand its graph over in the same turn in which it was made: nobody can be told of a new
 * environment in between, and then be given a graph of the old one.
 */
export async function loadGraph<Value>(
  id: OrganizationId,
  { store, model }: ShardContext,
  take: (graph: OrganizationGraph, revision: Revision) => Value,
): Promise<Awaited<Value>> {
  for (let attempt = 1; ; attempt++) {
    const loaded = await store.load(id)
    // The environment after it: the organization may rest on what is new there.
    if (model.mayBeBehind) await model.refresh()
    const graph = graphOf(model.environment, loaded, attempt)
    if (graph !== undefined) return await take(graph, loaded?.revision ?? 0)
  }
}

/** Others may have taken something out of the model, and out of the organization before that: then it is read anew. */
function graphOf(environment: Environment, loaded: LoadedShard | undefined, attempt: number) {
  try {
    if (loaded?.facts === undefined) return buildGraph(environment, loaded?.entities ?? [])
    return buildGraph(environment, loaded.facts.others, loaded.facts.packed)
  } catch (cause) {
    if (attempt < mostLoads) return undefined
    throw cause
  }
}
