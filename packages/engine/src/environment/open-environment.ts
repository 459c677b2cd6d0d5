import { environmentShard, type Model, ModelChangeRefused, WriteContended } from '@bailiwick/core'
import type { UlidSource } from '../new-id.js'
import type { Store } from '../store/store.js'
import { Environment } from './environment.js'
import { findBlockers } from './find-blockers.js'
import { modelChanges } from './model-changes.js'
import { readRecords } from './records.js'

const attempts = 10

/**
 * Make the stored model the given one, and read it.
 *
 * @throws {ModelChangeRefused} when what is stored still needs what the model no longer has; nothing changes.
 */
export async function openEnvironment(
  store: Store,
  model: Model,
  at: () => string,
  ulid: UlidSource,
): Promise<Environment> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const stored = await store.load(environmentShard)
    const { changes, records, removed } = modelChanges(readRecords(stored?.entities ?? []), model, ulid)
    if (changes.length === 0) return new Environment(model, records)
    const blockers = await findBlockers(store, removed, model)
    if (blockers.length > 0) throw new ModelChangeRefused(blockers)
    const appended = await store.append(environmentShard, stored?.revision ?? 0, [{ at: at(), changes }])
    if (appended.kind === 'appended') return new Environment(model, records)
  }
  throw new WriteContended(environmentShard, attempts)
}
