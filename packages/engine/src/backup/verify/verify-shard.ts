import { type AnyEntity, environmentShard, type ShardId } from '@bailiwick/core'
import type { Environment } from '../../environment/environment.js'
import { buildGraph } from '../../graph/build-graph.js'
import { isUnique, lookupsOf } from '../../store/lookups.js'
import type { Store } from '../../store/store.js'
import { canonical } from '../canonical.js'
import { brokenReferences } from './broken-references.js'
import type { ReplayedShard } from './replay.js'

/** How a shard as it is loaded differs from what its commits leave, and what it names that is not there. */
export async function verifyShard(
  store: Store,
  shard: ShardId,
  replayed: ReplayedShard,
  environment: Environment,
): Promise<readonly string[]> {
  const loaded = await store.load(shard)
  const revision = loaded?.revision ?? 0
  const faults: string[] = []
  // It may have been written since the log was read.
  if (revision > replayed.revision) {
    for (const commit of await store.commitsSince(shard, replayed.revision)) {
      if (commit.revision > revision) break
      const fault = replayed.add(commit)
      if (fault !== undefined) faults.push(fault)
    }
  }
  if (revision !== replayed.revision)
    faults.push(`\`${shard}\` stands at revision ${revision}, and its last commit is ${replayed.revision}`)
  const entities = [...(loaded?.entities ?? [])]
  faults.push(...differences(shard, entities, replayed))
  for (const each of entities) faults.push(...(await lostLookups(store, each)))
  if (shard !== environmentShard && !/^(user|service):/.test(shard))
    faults.push(...brokenReferences(shard, entities, environment), ...unbuilt(shard, entities, environment))
  return faults
}

function differences(
  shard: ShardId,
  entities: readonly AnyEntity[],
  replayed: ReplayedShard,
): readonly string[] {
  const faults: string[] = []
  const loaded = new Set<string>()
  for (const { kind, entity } of entities) {
    const name = `the ${kind} \`${entity.id}\` of \`${shard}\``
    const wanted = replayed.get(kind, entity.id)
    if (loaded.has(`${kind} ${entity.id}`)) faults.push(`${name} is there twice`)
    loaded.add(`${kind} ${entity.id}`)
    if (wanted === undefined) faults.push(`${name} is there, and no commit leaves it there`)
    else if (canonical(wanted.entity) !== canonical(entity))
      faults.push(`${name} is not what its last commit made it`)
  }
  for (const { kind, entity } of replayed.entities())
    if (!loaded.has(`${kind} ${entity.id}`))
      faults.push(`the ${kind} \`${entity.id}\` of \`${shard}\` is missing, and a commit left it there`)
  return faults
}

/** By each of its values an entity is found; a unique one leads to nobody else. */
async function lostLookups(store: Store, each: AnyEntity): Promise<readonly string[]> {
  const faults: string[] = []
  for (const { name, value } of lookupsOf(each)) {
    const { id } = each.entity
    const ids: string[] = []
    for (let full = true; full && !ids.includes(id); ) {
      const last = ids.at(-1)
      const page = await store.lookup(name, value, {
        limit: perPage,
        ...(last !== undefined && { after: last }),
      })
      ids.push(...page.map(({ entity }) => entity.id))
      full = page.length === perPage
    }
    if (!ids.includes(id)) faults.push(`the ${each.kind} \`${id}\` is not found by its \`${name}\``)
    else if (isUnique(name) && ids.length > 1)
      faults.push(`the \`${name}\` of the ${each.kind} \`${id}\` leads to ${ids.length} of them`)
  }
  return faults
}

const perPage = 100

/** What checks are decided on. */
function unbuilt(
  shard: ShardId,
  entities: readonly AnyEntity[],
  environment: Environment,
): readonly string[] {
  try {
    buildGraph(environment, entities)
    return []
  } catch (error) {
    return [`no check can be decided in \`${shard}\`: ${(error as Error).message}`]
  }
}
