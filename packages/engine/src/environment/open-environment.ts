import type { Model } from '@bailiwick/core'
import type { UlidSource } from '../new-id.js'
import type { Store } from '../store/store.js'
import type { Environment } from './environment.js'
import { openModel } from './open-model.js'

/**
 * Make the stored model the given one, and read it.
 *
 * @throws {ModelChangeRefused} when what is stored still needs what the model no longer has; nothing changes.
 */
export async function openEnvironment(
  store: Store,
  model: Model,
  now: () => string,
  ulid: UlidSource,
): Promise<Environment> {
  return (await openModel({ store, now, ulid }, model)).environment
}
