import { setTimeout as wait } from 'node:timers/promises'
import {
  type Commit,
  type ConsistencyToken,
  isAuthorizationError,
  type OrganizationId,
  rootType,
} from '@bailiwick/core'
import { type EmbeddedEngine, openEngine, readToken } from '@bailiwick/engine'
import { RemoteStore } from './remote-store.js'
import type { Source } from './source.js'

/** What a copy is made of. */
export interface CopyParts {
  readonly source: Source
  /** Which to load at once. */
  readonly organizations: ReadonlySet<OrganizationId> | undefined
  readonly maxMemoryMb: number | undefined
}

const retryMs = 1_000

/** The engine over what the server has, made anew when the server turns out to have something else. */
export class Copy {
  #store: RemoteStore | undefined
  #engine: EmbeddedEngine | undefined
  #making: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(private readonly parts: CopyParts) {}

  /** `undefined` while there is none. */
  get engine(): EmbeddedEngine | undefined {
    return this.#engine
  }

  /** Resolves when the copy that is being made is there. Rejects when the first attempt to make it failed. */
  get made(): Promise<void> {
    return this.#making
  }

  /** Forget everything, and begin with this store. */
  begins(storeId: string): void {
    void this.#drop()
    const store = new RemoteStore(storeId, this.parts.source)
    this.#store = store
    this.#making = this.#make(store)
    this.#making.catch(() => this.#makeLater(store))
  }

  committed(commit: Commit): void {
    this.#store?.hear(commit)
  }

  /**
   * What this token names is there: from now on nothing older is given out.
   *
   * @returns whether the token is of this store. What one of another store means, the server knows.
   */
  expect(token: ConsistencyToken): boolean {
    const store = this.#store
    if (store === undefined) return false
    try {
      const { shard, revision } = readToken(token, store.id)
      store.expect(shard, revision)
      return true
    } catch (error) {
      if (isAuthorizationError(error)) return false
      throw error
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#store = undefined
    await this.#drop()
  }

  async #make(store: RemoteStore): Promise<void> {
    const { organizations = [], maxMemoryMb } = this.parts
    const engine = await openEngine({
      store: async () => store,
      // Whether the feed is new enough is looked after above.
      consistency: 'bounded',
      ...(maxMemoryMb === undefined ? {} : { maxMemoryMb }),
    })
    if (this.#store !== store) return engine.close()
    this.#engine = engine
    // Any question loads an organization.
    const root = { type: rootType, externalId: '' }
    const loading = [...organizations].map((id) => engine.hasResource(id, root))
    await Promise.all(loading)
  }

  async #makeLater(store: RemoteStore): Promise<void> {
    while (this.#store === store && this.#engine === undefined && !this.#isClosed) {
      await wait(retryMs, undefined, { ref: false })
      if (this.#store === store) await this.#make(store).catch(() => {})
    }
  }

  async #drop(): Promise<void> {
    const engine = this.#engine
    this.#engine = undefined
    await engine?.close()
  }
}
