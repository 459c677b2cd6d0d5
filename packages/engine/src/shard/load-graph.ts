import { isAuthorizationError, type OrganizationId, type Revision } from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { buildGraph } from '../graph/build-graph.js'
import { emptyGraph } from '../graph/empty-graph.js'
import { GraphLoader, loadOrder } from '../graph/graph-loader.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { LoadedShard } from '../store/store.js'
import type { ShardContext } from './shard-context.js'

const mostLoads = 4
const mostLoadsInPages = 2

/**
 * Read an organization, and hand its graph over in the same turn in which it was made: nobody can be told of a new
 * environment in between, and then be given a graph of the old one.
 */
export async function loadGraph<Value>(
  id: OrganizationId,
  context: ShardContext,
  take: (graph: OrganizationGraph, revision: Revision) => Value,
): Promise<Awaited<Value>> {
  const { store, model } = context
  for (let attempt = 1; ; attempt++) {
    // What changes while pages come asks for all of them again: the last attempt rests on nothing before its end.
    if (store.loadInPages !== undefined && attempt <= mostLoadsInPages) {
      const read = await readInPages(id, context)
      if (read !== undefined && read.environment === model.environment)
        return await take(read.graph, read.revision)
      continue
    }
    const loaded = await store.load(id)
    // The environment after it: the organization may rest on what is new there.
    if (model.mayBeBehind) await model.refresh()
    const graph = graphOf(model.environment, loaded, attempt)
    if (graph !== undefined) return await take(graph, loaded?.revision ?? 0)
  }
}

/** A graph while the organization is read, of the environment as it is known; `undefined` when that is too old. */
async function readInPages(id: OrganizationId, { store, model }: ShardContext) {
  const { environment } = model
  let loader: GraphLoader | undefined
  const begin = () => {
    loader = undefined
    return (page: Parameters<GraphLoader['add']>[0]) => {
      loader ??= new GraphLoader(environment)
      loader.add(page)
    }
  }
  try {
    const revision = (await store.loadInPages?.(id, loadOrder, begin)) ?? 0
    const graph = revision === 0 ? emptyGraph(environment) : (loader ?? new GraphLoader(environment)).finish()
    // The environment after it: the organization may rest on what is new there.
    if (model.mayBeBehind) await model.refresh()
    return { environment, graph, revision }
  } catch (cause) {
    if (isAuthorizationError(cause)) throw cause
    if (model.mayBeBehind) await model.refresh()
    return undefined
  }
}

/** Others may have taken something out of the model, and out of the organization before that: then it is read anew. */
function graphOf(environment: Environment, loaded: LoadedShard | undefined, attempt: number) {
  try {
    if (loaded === undefined) return emptyGraph(environment)
    if (loaded.facts === undefined) return buildGraph(environment, loaded.entities)
    return buildGraph(environment, loaded.facts.others, loaded.facts.packed)
  } catch (cause) {
    if (attempt < mostLoads) return undefined
    throw cause
  }
}
