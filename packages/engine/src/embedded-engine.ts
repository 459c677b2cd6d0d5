import {
  type ChangeSource,
  type ConsistencyToken,
  type LogEntry,
  type Model,
  type NewUser,
  type Notebook,
  type Origin,
  parseOrigin,
  type ServiceEngine,
  type ServicePartChange,
  type User,
  type UserFields,
  type UserId,
  type Written,
} from '@bailiwick/core'
import { type ModelPlan, planStore } from './environment/plan-model.js'
import { reachedBy } from './lineage.js'
import { OrganizationWriter } from './organization-writer.js'
import { recordPart } from './service/record-part.js'
import { Organizations, type OrganizationsOptions } from './shard/organizations.js'
import type { ShardContext } from './shard/shard-context.js'
import { untilReached } from './until-reached.js'
import { createUser, deleteUser, ensureUser, updateUser } from './users/users.js'

/** What an engine is made of. */
export interface EngineContext extends ShardContext, OrganizationsOptions {
  readonly notebook: Notebook
}

/**
 * The engine in this process, over a store. Below it, one on the other: what organizations in memory answer, what
 * lists read, what changes the environment, and what changes organizations.
 */
export class EmbeddedEngine extends OrganizationWriter implements ServiceEngine {
  readonly notebook: Notebook

  /** @param like - An engine over the same store, whose organizations in memory this one shares. */
  constructor(
    protected override readonly context: EngineContext,
    like?: EmbeddedEngine,
  ) {
    super(context, like?.organizations ?? new Organizations(context, context), like?.homes)
    this.notebook = context.notebook
  }

  as(origin: Origin): EmbeddedEngine {
    return new EmbeddedEngine({ ...this.context, origin: parseOrigin(origin) }, this)
  }

  get changes(): ChangeSource {
    return this.context.store
  }

  /** What opening the engine with another model would change. @see planModel */
  planModel(next: Model): Promise<ModelPlan> {
    return planStore(this.context.store, next)
  }

  async createUser(user: NewUser): Promise<Written<User>> {
    return createUser(this.context, user)
  }

  async ensureUser(id: UserId): Promise<User> {
    return ensureUser(this.context, id)
  }

  async updateUser(id: UserId, to: UserFields): Promise<Written<User>> {
    return updateUser(this.context, id, to)
  }

  async deleteUser(id: UserId): Promise<Written<undefined>> {
    return deleteUser(this.context, id, (organizationId, ref) => this.deleteMembership(organizationId, ref))
  }

  async recordPart(change: ServicePartChange): Promise<Written<undefined>> {
    return recordPart(this.context, change)
  }

  async reach(token: ConsistencyToken): Promise<void> {
    const { store, ancestors } = this.context
    await untilReached(store, await reachedBy(token, store, ancestors))
  }

  async log(page: { readonly after: number; readonly limit: number }): Promise<readonly LogEntry[]> {
    return this.context.store.log(page)
  }

  async close(): Promise<void> {
    this.organizations.close()
    await this.context.store.close()
  }
}
