import { Misconfigured, type Model } from '@bailiwick/core'
import { EmbeddedEngine } from './embedded-engine.js'
import { openModel } from './environment/open-model.js'
import { readLineage } from './lineage.js'
import { ulidSource } from './new-id.js'
import type { Currency } from './shard/organizations.js'
import type { StoreOpener } from './store/store.js'
import { timestamps } from './timestamps.js'

export interface EngineOptions {
  /** Where commits go: `sqlite('authz.db')` from `@bailiwick/engine/sqlite`, or `memoryStore()`. */
  readonly store: StoreOpener
  /**
   * What is stored is made to be this. Default: what is stored, and in an empty store what a new environment has:
   * the organization-level roles `admin` and `member`, the second the default, one at a time, and nothing else.
   */
  readonly model?: Model
  /** How much memory the organizations held may take, about. MiB, default 512. */
  readonly maxMemoryMb?: number
  /**
   * How new answers are where others write to the same store, unless a question says otherwise. `strong` asks the store
   * each time whether there is something new; `bounded` is at most a second behind, and most often asks nobody.
   * Default `strong`.
   */
  readonly consistency?: Currency
  /** The time, in milliseconds since 1970. Only stamps entities; no decision depends on it. */
  readonly clock?: () => number
}

/**
 * Open the engine in this process. The model is stored; one that differs from the stored one is applied. Later it can
 * be changed piece by piece, while checks go on.
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
  const now = timestamps(clock)
  const ulid = ulidSource()
  const store = await options.store()
  try {
    const notebook = store.notebook(clock)
    // First: a store into which a backup was not restored to its end is written by nobody.
    const ancestors = await readLineage(notebook)
    const model = await openModel({ store, now, ulid }, options.model)
    const maxMemoryBytes = maxMemoryMb * 1_048_576
    const context = { store, model, now, ulid, notebook, ancestors }
    return new EmbeddedEngine({ ...context, maxMemoryBytes, currency: options.consistency ?? 'strong' })
  } catch (error) {
    await store.close()
    throw error
  }
}
