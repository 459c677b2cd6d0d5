import type { OrganizationId, RoleId } from '@bailiwick/core'
import type { Store } from '@bailiwick/engine'
import { entitiesOf } from './entities.js'
import { idOf } from './ids.js'
import type { Workload } from './workload.js'

/** Write a workload into a store that holds its model already, one commit an organization. */
export async function fillStore(store: Store, workload: Workload, roleIds: readonly RoleId[]): Promise<void> {
  for (let index = 0; index < workload.size.organizations; index++) {
    const changes = Array.from(entitiesOf(workload, index, roleIds), (each) => ({ op: 'put', ...each }) as const)
    const shard = idOf('organization', index) as OrganizationId
    const { kind } = await store.append(shard, 0, [{ at: '2026-01-01T00:00:00.000Z', changes }])
    if (kind !== 'appended') throw new Error(`${shard} could not be stored: ${kind}`)
  }
}
