import type { Change, OrganizationId } from '@bailiwick/core'
import { type CommitDraft, openEngine, type StoreOpener } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { entitiesOf } from './entities.js'
import { idOf } from './ids.js'
import { benchModel } from './model.js'
import type { Workload } from './workload.js'
import { readRoleIds } from './workload-store.js'

/** Write a workload into a file that is not there yet, as commands would leave it. Returns what opens it. */
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
    const { kind } = await store.append(shard, 0, inCommits(changes))
    if (kind !== 'appended') throw new Error(`${shard} could not be stored: ${kind}`)
  }
  await store.close()
  return opener
}

/** Commits of a few changes each: those of commands are small. */
function inCommits(changes: readonly Change[]): readonly [CommitDraft, ...CommitDraft[]] {
  const [first, ...others] = Array.from({ length: Math.ceil(changes.length / 10) }, (_, n) => ({
    at: '2026-01-01T00:00:00.000Z',
    changes: changes.slice(n * 10, n * 10 + 10),
  }))
  if (first === undefined) throw new Error('an organization is never empty')
  return [first, ...others]
}
