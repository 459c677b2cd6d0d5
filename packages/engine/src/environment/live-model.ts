import {
  compileModel,
  environmentShard,
  isAuthorizationError,
  type Model,
  type ModelBlocker,
  ModelChangeRefused,
  type Origin,
  type Revision,
  StoreUnavailable,
  type Timestamp,
  WriteContended,
} from '@bailiwick/core'
import type { UlidSource } from '../new-id.js'
import { draftOf } from '../store/draft-of.js'
import type { CommitDraft, EntitySource, Store } from '../store/store.js'
import type { ModelEdit } from './edits/edit.js'
import { Environment } from './environment.js'
import { findBlockers } from './find-blockers.js'
import { type LoadedRecords, loadRecords } from './load-records.js'
import { modelChanges } from './model-changes.js'
import { definitionOf, type EnvironmentRecords, storedModel } from './records.js'

/** What the environment is written with. */
export interface ModelContext {
  readonly store: Store
  readonly now: () => Timestamp
  readonly ulid: UlidSource
}

const mostAttempts = 10

/**
 * The environment as this engine knows it, and the only place where it is changed: one change after the other, each
 * a commit of the environment's shard that obeys the rules of a model.
 *
 * Organizations hold places in an environment. With every change there is another one, and whoever finds that an
 * organization has the one of before reads it again.
 */
export class LiveModel {
  #environment: Environment
  #records: EnvironmentRecords
  #revision: Revision
  #doubted = false
  #last: Promise<unknown> = Promise.resolve()
  #reloading: Promise<void> | undefined
  readonly #context: ModelContext
  readonly #listeners: (() => void)[] = []

  private constructor(context: ModelContext, { records, revision }: LoadedRecords) {
    this.#context = context
    this.#environment = new Environment(storedModel(records), records)
    this.#records = records
    this.#revision = revision
  }

  /** The environment as it is stored. */
  static async open(context: ModelContext): Promise<LiveModel> {
    return new LiveModel(context, await loadRecords(context.store))
  }

  /** Another object after each change. */
  get environment(): Environment {
    return this.#environment
  }

  /** What is stored of it. */
  get records(): EnvironmentRecords {
    return this.#records
  }

  get revision(): Revision {
    return this.#revision
  }

  /** Whether it must be refreshed to be sure: others may write it, or a write failed with its outcome unknown. */
  get mayBeBehind(): boolean {
    return this.#doubted || this.#context.store.access === 'shared'
  }

  /** Be as new as the store is now. */
  async refresh(): Promise<void> {
    const wanted = await this.#context.store.revision(environmentShard)
    while (this.#doubted || this.#revision < wanted) await this.#reload()
  }

  /** Hear of every new environment, at once. */
  watch(listener: () => void): void {
    this.#listeners.push(listener)
  }

  /**
   * Change the model; resolves once that is durable and every check sees it.
   *
   * @returns what is stored then. Later changes do not show in it.
   * @throws {ModelChangeRefused} when what is stored still needs what goes; nothing changes.
   */
  change(edit: ModelEdit, origin?: Origin): Promise<LoadedRecords> {
    return this.#inTurn(async () => {
      const next = () => compileModel(edit(definitionOf(this.#records), this.#environment.model))
      await this.#change(next, origin)
      return { records: this.#records, revision: this.#revision }
    })
  }

  /** Be this model, and no other. @throws {ModelChangeRefused} */
  become(model: Model, origin?: Origin): Promise<void> {
    return this.#inTurn(async () => {
      await this.#change(() => model, origin)
      // Stored is the same, and kept is the order in which the application has written it.
      const { ulid, now } = this.#context
      if (this.#environment.model !== model)
        this.#take(model, modelChanges(this.#records, model, ulid, now()).records, this.#revision)
    })
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = this.#last.then(work)
    // Who comes next does not care how this one ended.
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    )
    return turn
  }

  async #change(next: () => Model, origin: Origin | undefined): Promise<void> {
    const { now, ulid } = this.#context
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      if (this.mayBeBehind) await this.refresh()
      const model = next()
      const at = now()
      const { changes, records, removed } = modelChanges(this.#records, model, ulid, at)
      if (changes.length === 0) return
      let blockers: readonly ModelBlocker[] = []
      // What others give meanwhile is refused to them, or found here: nobody is given a role that is just going.
      const revision = await this.#append(draftOf(at, changes, origin), async (reader) => {
        blockers = await findBlockers(reader, removed, model)
        return blockers.length === 0
      })
      if (blockers.length > 0) throw new ModelChangeRefused(blockers)
      if (revision !== undefined) return this.#take(model, records, revision)
    }
    throw new WriteContended(environmentShard, mostAttempts)
  }

  /** The new revision, or `undefined` when somebody else was faster. */
  async #append(
    draft: CommitDraft,
    when: (reader: EntitySource) => Promise<boolean>,
  ): Promise<Revision | undefined> {
    try {
      const result = await this.#context.store.append(environmentShard, this.#revision, [draft], { when })
      if (result.kind === 'appended') return result.revision
      if (result.kind === 'refused') return undefined
    } catch (cause) {
      this.#doubt()
      throw isAuthorizationError(cause)
        ? cause
        : new StoreUnavailable('changing the model failed; whether it was stored is not known', { cause })
    }
    await this.#reload()
    return undefined
  }

  #take(model: Model, records: EnvironmentRecords, revision: Revision): void {
    this.#records = records
    this.#revision = revision
    this.#doubted = false
    this.#environment = new Environment(model, records)
    for (const listener of this.#listeners) listener()
  }

  /** Nobody may go on with what is in memory: with another environment, every organization asks for it again. */
  #doubt(): void {
    this.#take(this.#environment.model, this.#records, this.#revision)
    this.#doubted = true
  }

  #reload(): Promise<void> {
    this.#reloading ??= loadRecords(this.#context.store)
      .then(({ records, revision }) => {
        if (revision > this.#revision || this.#doubted) this.#take(storedModel(records), records, revision)
      })
      .finally(() => {
        this.#reloading = undefined
      })
    return this.#reloading
  }
}
