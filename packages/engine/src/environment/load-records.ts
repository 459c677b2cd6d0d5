import { type AnyEntity, environmentShard, type Revision, type Timestamp } from '@bailiwick/core'
import type { Store } from '../store/store.js'
import { type EnvironmentRecords, hasStamps, readRecords } from './records.js'

/** The environment as it is stored, at one revision; nothing at revision 0. */
export interface LoadedRecords {
  readonly records: EnvironmentRecords
  readonly revision: Revision
}

/** Read the environment. */
export async function loadRecords(store: Store): Promise<LoadedRecords> {
  const loaded = await store.load(environmentShard)
  const entities = [...(loaded?.entities ?? [])]
  const since = entities.every(saysWhen) ? epoch : await firstCommit(store)
  return { records: readRecords(entities, since), revision: loaded?.revision ?? 0 }
}

const epoch = '1970-01-01T00:00:00.000Z'

function saysWhen({ kind, entity }: AnyEntity): boolean {
  return !(kind === 'resource_type' || kind === 'permission' || kind === 'role') || hasStamps(entity)
}

async function firstCommit(store: Store): Promise<Timestamp> {
  const [first] = await store.commitsSince(environmentShard, 0)
  return first?.at ?? epoch
}
