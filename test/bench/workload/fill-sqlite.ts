import type { OrganizationId } from '@bailiwick/core'
import { openEngine, type StoreOpener } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { entitiesOf } from './entities.js'
import { idOf } from './ids.js'
import { benchModel } from './model.js'
import type { Workload } from './workload.js'
import { readRoleIds } from './workload-store.js'

/** Write a workload into a file that is not there yet, one commit an organization. Returns what opens it. */
export async function fillSqlite(path: string, workload: Workload): Promise<StoreOpener> {
  const opener = sqlite(path)
  // The first open stores the model, and so gives the roles their ids.
  await (await openEngine({ store: opener, model: benchModel() })).close()
  const store = await opener()
  const roleIds = await readRoleIds(store)
  for (let index = 0; index < workload.size.organizations; index++) {
    const changes = Array.from(
      entitiesOf(workload, index, roleIds),
      (each) => ({ op: 'put', ...each }) as const,
    )
    const shard = idOf('organization', index) as OrganizationId
    const { kind } = await store.append(shard, 0, [{ at: '2026-01-01T00:00:00.000Z', changes }])
    if (kind !== 'appended') throw new Error(`${shard} could not be stored: ${kind}`)
  }
  await store.close()
  return opener
}
