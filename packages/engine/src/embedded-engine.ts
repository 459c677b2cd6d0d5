import {
  type Assignment,
  type AssignmentId,
  type AuthorizationEngine,
  type CheckOptions,
  type CheckQuestion,
  ConsistencyUnreachable,
  type Decision,
  type Explanation,
  InputInvalid,
  limits,
  type Membership,
  type MembershipStatus,
  type Model,
  type NewMembership,
  type NewOrganization,
  type NewResource,
  type Organization,
  type OrganizationId,
  parseAssignmentId,
  parseOrganizationId,
  type Resource,
  type ResourceRef,
  type RoleAssignment,
  type SubjectRef,
  type Written,
} from '@bailiwick/core'
import { assignRole, removeAssignment } from './commands/assignments.js'
import type { Command } from './commands/command.js'
import {
  createMembership,
  deleteMembership,
  setMembershipRoles,
  setMembershipStatus,
} from './commands/memberships.js'
import { createOrganization } from './commands/organizations.js'
import { createResource, deleteResource, moveResource, renameResource } from './commands/resources.js'
import { assignmentView, membershipView } from './commands/views.js'
import { readToken, writeToken } from './consistency-token.js'
import { decide } from './decide/decide.js'
import { explain } from './decide/explain.js'
import { newId } from './new-id.js'
import type { OrganizationShard, ShardContext } from './shard/organization-shard.js'
import { Organizations } from './shard/organizations.js'

/** The engine in this process, over a store: the port's methods, each a line to the room that does the work. */
export class EmbeddedEngine implements AuthorizationEngine {
  readonly #context: ShardContext
  readonly #organizations: Organizations

  constructor(context: ShardContext, maxMemoryBytes: number) {
    this.#context = context
    this.#organizations = new Organizations(context, maxMemoryBytes)
  }

  get model(): Model {
    return this.#context.environment.model
  }

  async check(question: CheckQuestion, options?: CheckOptions): Promise<Decision> {
    return decide((await this.#read(question.organizationId, options)).graph, question)
  }

  async checkMany(questions: readonly CheckQuestion[], options?: CheckOptions): Promise<readonly Decision[]> {
    if (questions.length > limits.checksPerBatch) {
      throw new InputInvalid('questions', `must be at most ${limits.checksPerBatch}`, questions.length)
    }
    const ids = [...new Set(questions.map(({ organizationId }) => organizationId))]
    const shards = new Map<OrganizationId, OrganizationShard>()
    for (const id of ids) shards.set(id, await this.#read(id, options))
    return questions.map((question) =>
      decide((shards.get(question.organizationId) as OrganizationShard).graph, question),
    )
  }

  async explain(question: CheckQuestion, options?: CheckOptions): Promise<Explanation> {
    const { graph, revision } = await this.#read(question.organizationId, options)
    return explain(graph, revision, question)
  }

  async getOrganization(id: OrganizationId): Promise<Organization | undefined> {
    return (await this.#read(id)).graph.organization
  }

  async findMembership(organizationId: OrganizationId, subject: SubjectRef): Promise<Membership | undefined> {
    const node = (await this.#read(organizationId)).graph.findMembership(subject)
    return node === undefined ? undefined : membershipView(this.#context.environment, node.entity)
  }

  async findResource(organizationId: OrganizationId, ref: ResourceRef): Promise<Resource | undefined> {
    return (await this.#read(organizationId)).graph.findResource(ref)?.entity
  }

  async listAssignments(organizationId: OrganizationId, subject: SubjectRef): Promise<readonly Assignment[]> {
    const node = (await this.#read(organizationId)).graph.findMembership(subject)
    const held = [...(node?.assignments.values() ?? [])].flat()
    return held
      .flatMap(({ entity }) => assignmentView(this.#context.environment, entity) ?? [])
      .sort((one, other) => (one.id < other.id ? -1 : 1))
  }

  async createOrganization(input: NewOrganization): Promise<Written<Organization>> {
    const id =
      input.id === undefined
        ? newId<OrganizationId>('organization', this.#context.ulid)
        : parseOrganizationId(input.id, 'id')
    return this.#write(id, createOrganization(id, input))
  }

  async createMembership(input: NewMembership): Promise<Written<Membership>> {
    return this.#write(input.organizationId, createMembership(input))
  }

  async setMembershipRoles(
    organizationId: OrganizationId,
    subject: SubjectRef,
    roles: readonly string[],
  ): Promise<Written<Membership>> {
    return this.#write(organizationId, setMembershipRoles(organizationId, subject, roles))
  }

  async setMembershipStatus(
    organizationId: OrganizationId,
    subject: SubjectRef,
    status: MembershipStatus,
  ): Promise<Written<Membership>> {
    return this.#write(organizationId, setMembershipStatus(organizationId, subject, status))
  }

  async deleteMembership(organizationId: OrganizationId, subject: SubjectRef): Promise<Written<undefined>> {
    return this.#write(organizationId, deleteMembership(organizationId, subject))
  }

  async createResource(input: NewResource): Promise<Written<Resource>> {
    return this.#write(input.organizationId, createResource(input))
  }

  async renameResource(
    organizationId: OrganizationId,
    ref: ResourceRef,
    to: { readonly name?: string; readonly description?: string | null },
  ): Promise<Written<Resource>> {
    return this.#write(organizationId, renameResource(organizationId, ref, to))
  }

  async moveResource(
    organizationId: OrganizationId,
    ref: ResourceRef,
    parent: ResourceRef,
  ): Promise<Written<Resource>> {
    return this.#write(organizationId, moveResource(organizationId, ref, parent))
  }

  async deleteResource(
    organizationId: OrganizationId,
    ref: ResourceRef,
    options?: { readonly cascade?: boolean },
  ): Promise<Written<undefined>> {
    return this.#write(organizationId, deleteResource(organizationId, ref, options))
  }

  async assignRole(assignment: RoleAssignment): Promise<Written<Assignment>> {
    return this.#write(assignment.organizationId, assignRole(assignment))
  }

  async removeAssignment(
    organizationId: OrganizationId,
    assignmentId: AssignmentId,
  ): Promise<Written<undefined>> {
    return this.#write(organizationId, removeAssignment(organizationId, parseAssignmentId(assignmentId)))
  }

  async close(): Promise<void> {
    this.#organizations.close()
    await this.#context.store.close()
  }

  async #read(id: OrganizationId, options?: CheckOptions): Promise<OrganizationShard> {
    options?.signal?.throwIfAborted()
    const shard = this.#organizations.warm(id) ?? (await this.#organizations.open(id))
    const consistency = options?.consistency
    if (consistency !== undefined && consistency !== 'latest') {
      const reached = readToken(consistency.atLeast, this.#context.store.id)
      if (reached.shard === id && reached.revision > shard.revision) {
        throw new ConsistencyUnreachable(id, reached.revision, shard.revision)
      }
    }
    return shard
  }

  async #write<Value>(id: OrganizationId, command: Command<Value>): Promise<Written<Value>> {
    const { value, revision } = await this.#organizations.write(parseOrganizationId(id), (shard) =>
      shard.write(command),
    )
    return { value, token: writeToken({ store: this.#context.store.id, shard: id, revision }) }
  }
}
