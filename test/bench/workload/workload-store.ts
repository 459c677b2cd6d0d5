import { environmentShard, type RoleId, type ShardId } from '@bailiwick/core'
import { type LoadedShard, memoryStore, type Store, type StoreOpener } from '@bailiwick/engine'
import { entitiesOf } from './entities.js'
import { idOf } from './ids.js'
import { roles } from './model.js'
import type { Workload } from './workload.js'

/**
 * A store that makes the organizations of a workload from its columns each time it is asked, so that measuring
 * the engine measures nothing of a store. The model is kept in memory; organizations cannot be written.
 */
export function workloadStore(workload: Workload): {
  readonly open: StoreOpener
  readonly letGo: () => void
} {
  const { organizations } = workload.size
  let columns: Workload | undefined = workload
  const open = async (): Promise<Store> => {
    const environment = await memoryStore({ access: 'exclusive' })()
    const indexes = new Map<string, number>()
    for (let index = 0; index < organizations; index++) indexes.set(idOf('organization', index), index)
    return {
      id: environment.id,
      access: 'exclusive',
      load: async (shard) => {
        const organization = indexes.get(shard)
        if (organization === undefined || columns === undefined) return environment.load(shard)
        return { revision: 1, entities: entitiesOf(columns, organization, await readRoleIds(environment)) }
      },
      revision: async (shard) => (indexes.has(shard) ? 1 : environment.revision(shard)),
      commitsSince: (shard, revision) => environment.commitsSince(shard, revision),
      append: (shard, expected, drafts) => {
        if (indexes.has(shard)) throw new Error(`${shard} is of the workload and cannot be written`)
        return environment.append(shard, expected, drafts)
      },
      watch: (listener) => environment.watch(listener),
      find: (kind, id) => environment.find(kind, id),
      scan: (kind, page) => environment.scan(kind, page),
      lookup: (name, value, page) => environment.lookup(name, value, page),
      log: (page) => environment.log(page),
      links: (page) => environment.links(page),
      lastPosition: () => environment.lastPosition(),
      notebook: (clock) => environment.notebook(clock),
      close: () => environment.close(),
    }
  }
  // Without the columns nothing can be loaded again, and what is held can be weighed alone.
  return { open, letGo: () => (columns = undefined) }
}

/** The ids that the engine gave the roles of the workload's model, by the index of the role. */
export async function readRoleIds(store: Pick<Store, 'load'>): Promise<readonly RoleId[]> {
  const loaded: LoadedShard | undefined = await store.load(environmentShard satisfies ShardId)
  const ids = new Map<string, RoleId>()
  for (const { kind, entity } of loaded?.entities ?? []) if (kind === 'role') ids.set(entity.slug, entity.id)
  return roles.map(({ slug }) => ids.get(slug) ?? fail(slug))
}

function fail(slug: string): never {
  throw new Error(`the store has no role ${slug}`)
}
