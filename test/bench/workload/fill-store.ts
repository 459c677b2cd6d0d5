import type { Change, OrganizationId } from '@bailiwick/core'
import { type CommitDraft, openEngine, type StoreOpener } from '@bailiwick/engine'
import { entitiesOf } from './entities.js'
import { idOf } from './ids.js'
import { benchModel } from './model.js'
import type { Workload } from './workload.js'
import { readRoleIds } from './workload-store.js'

const changesPerCommit = 10
const commitsAtOnce = 500

/** Write a workload into a store that is empty, as commands would leave it. */
export async function fillStore(opener: StoreOpener, workload: Workload): Promise<void> {
  // The first open stores the model, and so gives the roles their ids.
  await (await openEngine({ store: opener, model: benchModel() })).close()
  const store = await opener()
  const roleIds = await readRoleIds(store)
  for (let index = 0; index < workload.size.organizations; index++) {
    const shard = idOf('organization', index) as OrganizationId
    let revision = 0
    for (const drafts of inAppends(entitiesOf(workload, index, roleIds))) {
      const result = await store.append(shard, revision, drafts)
      if (result.kind !== 'appended') throw new Error(`${shard} could not be stored: ${result.kind}`)
      revision = result.revision
    }
  }
  await store.close()
}

/** Commits of a few changes each, for those of commands are small, and some of them together. */
function* inAppends(
  entities: Iterable<Omit<Extract<Change, { readonly op: 'put' }>, 'op'>>,
): Generator<readonly [CommitDraft, ...CommitDraft[]]> {
  const changes = Array.from(entities, (each) => ({ op: 'put', ...each }) as Change)
  for (let at = 0; at < changes.length; at += changesPerCommit * commitsAtOnce) {
    const [first, ...others] = inCommits(changes.slice(at, at + changesPerCommit * commitsAtOnce))
    if (first !== undefined) yield [first, ...others]
  }
}

function inCommits(changes: readonly Change[]): readonly CommitDraft[] {
  return Array.from({ length: Math.ceil(changes.length / changesPerCommit) }, (_, n) => ({
    at: '2026-01-01T00:00:00.000Z',
    changes: changes.slice(n * changesPerCommit, (n + 1) * changesPerCommit),
  }))
}
