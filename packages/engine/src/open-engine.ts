import { Misconfigured, type Model } from '@bailiwick/core'
import { EmbeddedEngine } from './embedded-engine.js'
import { openEnvironment } from './environment/open-environment.js'
import { ulidSource } from './new-id.js'
import type { StoreOpener } from './store/store.js'

export interface EngineOptions {
  /** Where commits go: `sqlite('authz.db')` from `@bailiwick/engine/sqlite`, or `memoryStore()`. */
  readonly store: StoreOpener
  readonly model: Model
  /** How much memory the organizations held may take, about. MiB, default 512. */
  readonly maxMemoryMb?: number
  /** The time, in milliseconds since 1970. Only stamps entities; no decision depends on it. */
  readonly clock?: () => number
}

/**
 * Open the engine in this process. The model is stored; one that differs from the stored one is applied.
 *
 * @throws {ModelChangeRefused} when what is stored still needs what the model no longer has, naming what to do.
 * @throws {StoreUnusable} when the store is foreign, damaged, newer, or open elsewhere.
 *
 * @example
 * const engine = await openEngine({ store: sqlite('authz.db'), model })
 */
export async function openEngine(options: EngineOptions): Promise<EmbeddedEngine> {
  const maxMemoryMb = options.maxMemoryMb ?? 512
  if (!Number.isInteger(maxMemoryMb) || maxMemoryMb < 1) {
    throw new Misconfigured('`maxMemoryMb` must be a whole number of mebibytes, at least 1')
  }
  const clock = options.clock ?? Date.now
  const now = () => new Date(clock()).toISOString()
  const ulid = ulidSource()
  const store = await options.store()
  try {
    const environment = await openEnvironment(store, options.model, now, ulid)
    return new EmbeddedEngine({ store, environment, now, ulid }, maxMemoryMb * 1_048_576)
  } catch (error) {
    await store.close()
    throw error
  }
}
