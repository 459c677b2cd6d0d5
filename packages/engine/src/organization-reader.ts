import {
  type AnswersAtOnce,
  type Assignment,
  type AuthorizationEngine,
  type CheckOptions,
  type CheckQuestion,
  type ConsistencyToken,
  type Decision,
  type DirectoryMapping,
  type EntityByKind,
  type EntityKind,
  type Exclusion,
  type Explanation,
  environmentShard,
  type Group,
  type GroupId,
  InputInvalid,
  limits,
  type Membership,
  type MembershipId,
  type MembershipRef,
  type Model,
  type Organization,
  type OrganizationId,
  type OrganizationRole,
  type Page,
  type PageOptions,
  type PermissionsQuestion,
  type Questions,
  type Resource,
  type ResourceAddress,
  type ResourceRef,
  type ResourcesQuestion,
  type RoleOrder,
  type Scope,
  type ScopeQuestion,
  type SubjectKey,
  type SubjectRef,
  type SubjectsQuestion,
} from '@bailiwick/core'
import { findIn } from './administration/reading.js'
import { answersAtOnce, hasResource, isExcluded } from './answers-at-once.js'
import { findHolder } from './commands/find.js'
import {
  assignmentView,
  exclusionView,
  mappingView,
  membershipView,
  organizationRoleView,
  roleOrderView,
} from './commands/views.js'
import { decide } from './decide/decide.js'
import { decideMany } from './decide/decide-many.js'
import { explain } from './decide/explain.js'
import { none } from './graph/resource-table.js'
import { PermissionHandle } from './handles/permission-handle.js'
import { ResourceHandle, SubjectHandle } from './handles/subject-handle.js'
import { reachedBy } from './lineage.js'
import { effectivePermissions } from './lists/effective-permissions.js'
import { listResources } from './lists/list-resources.js'
import { listSubjects } from './lists/list-subjects.js'
import { scope } from './lists/scope.js'
import type { OrganizationShard } from './shard/organization-shard.js'
import type { Organizations } from './shard/organizations.js'
import type { ShardContext } from './shard/shard-context.js'
import { unlessAborted } from './unless-aborted.js'
import { untilReached } from './until-reached.js'

/** What an engine answers without changing anything. */
export type ReadMethods = Questions &
  Pick<
    AuthorizationEngine,
    | 'model'
    | 'getOrganization'
    | 'findMembership'
    | 'findResource'
    | 'findGroup'
    | 'listAssignments'
    | 'listGroups'
    | 'listGroupMembers'
    | 'listOrganizationRoles'
    | 'listDirectoryMappings'
    | 'listExclusions'
  >

/**
 * The reading half of an engine: decisions come from organizations in memory. What only people read (names, dates)
 * is not in memory and comes from the store.
 */
export class OrganizationReader implements ReadMethods {
  readonly atOnce: AnswersAtOnce

  constructor(
    protected readonly context: ShardContext,
    protected readonly organizations: Organizations,
  ) {
    this.atOnce = answersAtOnce(organizations)
  }

  get model(): Model {
    return this.context.model.environment.model
  }

  /** A subject to ask about many times, without waiting; see `SubjectHandle`. */
  subject(organizationId: OrganizationId, subject: SubjectRef): SubjectHandle {
    return new SubjectHandle(this.organizations, organizationId, subject)
  }

  /** A permission to ask a `SubjectHandle` about many times. */
  permission(slug: string): PermissionHandle {
    return new PermissionHandle(slug)
  }

  /** A resource to ask a `SubjectHandle` about many times. */
  resource(organizationId: OrganizationId, resource: ResourceRef): ResourceHandle {
    return new ResourceHandle(organizationId, resource)
  }

  /** Whether questions about this organization are answered without waiting: it is in memory, and as new as can be. */
  isAtHand(id: OrganizationId): boolean {
    return this.organizations.warm(id) !== undefined
  }

  async check(question: CheckQuestion, options?: CheckOptions): Promise<Decision> {
    return decide((await this.read(question.organizationId, options)).graph, question)
  }

  async checkMany(questions: readonly CheckQuestion[], options?: CheckOptions): Promise<readonly Decision[]> {
    if (questions.length > limits.checksPerBatch) {
      throw new InputInvalid('questions', `must be at most ${limits.checksPerBatch}`, questions.length)
    }
    const ids = [...new Set(questions.map(({ organizationId }) => organizationId))]
    const shards = new Map<OrganizationId, OrganizationShard>()
    for (const id of ids) shards.set(id, await this.read(id, options))
    return decideMany(questions, (id) => (shards.get(id) as OrganizationShard).graph) as readonly Decision[]
  }

  async explain(question: CheckQuestion, options?: CheckOptions): Promise<Explanation> {
    const { graph, revision } = await this.read(question.organizationId, options)
    return explain(graph, revision, question)
  }

  async listResources(question: ResourcesQuestion, page?: PageOptions): Promise<Page<ResourceAddress>> {
    // As with `read`: waiting for nothing costs as much as a short list.
    const held = this.read(question.organizationId, page)
    return listResources((held instanceof Promise ? await held : held).graph, question, page)
  }

  async listSubjects(question: SubjectsQuestion, page?: PageOptions): Promise<Page<SubjectKey>> {
    const held = this.read(question.organizationId, page)
    return listSubjects((held instanceof Promise ? await held : held).graph, question, page)
  }

  async scope(question: ScopeQuestion, options?: CheckOptions): Promise<Scope> {
    return scope((await this.read(question.organizationId, options)).graph, question)
  }

  async effectivePermissions(
    question: PermissionsQuestion,
    options?: CheckOptions,
  ): Promise<readonly string[]> {
    return effectivePermissions((await this.read(question.organizationId, options)).graph, question)
  }

  async hasResource(id: OrganizationId, ref: ResourceRef, options?: CheckOptions): Promise<boolean> {
    return hasResource((await this.read(id, options)).graph, ref)
  }

  async isExcludedSomewhere(
    id: OrganizationId,
    permission: string,
    options?: CheckOptions,
  ): Promise<boolean> {
    return isExcluded((await this.read(id, options)).graph, permission)
  }

  async getOrganization(id: OrganizationId): Promise<Organization | undefined> {
    const { graph } = await this.read(id)
    const [organization] = graph.organization === undefined ? [] : await this.#find(id, 'organization', [id])
    return organization
  }

  async findMembership(id: OrganizationId, ref: MembershipRef): Promise<Membership | undefined> {
    const { graph } = await this.read(id)
    const entry = graph.findMembership(ref)
    if (entry === none) return undefined
    const [membership] = await this.#find(id, 'membership', [graph.memberships.id(entry)])
    return membership && membershipView(graph, membership)
  }

  async findResource(id: OrganizationId, ref: ResourceRef): Promise<Resource | undefined> {
    const { graph } = await this.read(id)
    const entry = graph.findResource(ref)
    if (entry === none) return undefined
    const [resource] = await this.#find(id, 'resource', [graph.resources.id(entry)])
    return resource
  }

  async findGroup(id: OrganizationId, groupId: GroupId): Promise<Group | undefined> {
    const { graph } = await this.read(id)
    const [group] = graph.groups.find(groupId) === none ? [] : await this.#find(id, 'group', [groupId])
    return group
  }

  async listAssignments(id: OrganizationId, subject: SubjectRef): Promise<readonly Assignment[]> {
    const { graph } = await this.read(id)
    const holder = findHolder(graph, subject)
    const ids: string[] = []
    if (holder !== undefined) {
      for (let row = graph.rows.first(holder); row !== none; row = graph.rows.nextOfHolder(row))
        ids.push(graph.rows.id(row))
    }
    const records = await this.#find(id, 'assignment', ids.sort())
    return records.flatMap((record) => assignmentView(graph, record) ?? [])
  }

  async listGroups(id: OrganizationId): Promise<readonly Group[]> {
    const { groups } = (await this.read(id)).graph
    const ids = Array.from({ length: groups.ordered.length }, (_, n) => groups.id(groups.ordered.at(n)))
    return this.#find(id, 'group', ids)
  }

  async listGroupMembers(id: OrganizationId, groupId: GroupId): Promise<readonly MembershipId[]> {
    const { groups, memberships } = (await this.read(id)).graph
    const group = groups.find(groupId)
    const members: MembershipId[] = []
    if (group === none) return members
    for (let link = groups.firstLink(group); link !== none; link = groups.nextOfGroup(link))
      members.push(memberships.id(groups.membership(link)))
    return members.sort()
  }

  async listOrganizationRoles(id: OrganizationId): Promise<readonly OrganizationRole[]> {
    const { graph } = await this.read(id)
    const records = await this.#find(id, 'organization_role', idsOf(graph.roles.own()))
    return records.map((record) => organizationRoleView(graph.environment, record))
  }

  async getRoleOrder(id: OrganizationId): Promise<RoleOrder> {
    return roleOrderView((await this.read(id)).graph)
  }

  async listDirectoryMappings(id: OrganizationId): Promise<readonly DirectoryMapping[]> {
    const { graph } = await this.read(id)
    const records = await this.#find(id, 'mapping', idsOf(graph.mappings.all()))
    return records.flatMap((record) => mappingView(graph, record) ?? [])
  }

  async listExclusions(id: OrganizationId): Promise<readonly Exclusion[]> {
    const { graph } = await this.read(id)
    const records = await this.#find(id, 'exclusion', idsOf(graph.exclusions.all()))
    return records.flatMap((record) => exclusionView(graph.environment, record) ?? [])
  }

  /** Not a promise where there is nothing to wait for: one more costs as much as a check. */
  protected read(id: OrganizationId, options?: CheckOptions): OrganizationShard | Promise<OrganizationShard> {
    const { signal, consistency } = options ?? {}
    signal?.throwIfAborted()
    if (typeof consistency === 'object')
      return unlessAborted(this.#readAtLeast(id, consistency.atLeast, signal), signal)
    const currency = consistency === 'latest' ? 'strong' : consistency
    return (
      this.organizations.warm(id, currency) ?? unlessAborted(this.organizations.open(id, currency), signal)
    )
  }

  async #readAtLeast(
    id: OrganizationId,
    token: ConsistencyToken,
    signal: AbortSignal | undefined,
  ): Promise<OrganizationShard> {
    const { store, ancestors, model } = this.context
    const reached = await reachedBy(token, store, ancestors)
    const hereIn = (shard: OrganizationShard) =>
      reached.shard === id ? shard.revision : reached.shard === environmentShard ? model.revision : undefined
    const warm = this.organizations.warm(id)
    if (warm !== undefined && reached.revision <= (hereIn(warm) ?? Number.POSITIVE_INFINITY)) return warm
    await untilReached(store, reached, signal)
    return this.organizations.open(id, 'strong')
  }

  /** Whole entities of an organization, in the order of `ids`. One that was removed meanwhile is left out. */
  async #find<Kind extends EntityKind>(
    id: OrganizationId,
    kind: Kind,
    ids: readonly string[],
  ): Promise<readonly EntityByKind[Kind][]> {
    const found = await Promise.all(ids.map((each) => findIn(this.context.store, id, kind, each)))
    return found.filter((entity) => entity !== undefined)
  }
}

/** In the order in which they were made. */
function idsOf(facts: Iterable<{ readonly id: string }>): readonly string[] {
  return [...facts].map(({ id }) => id).sort()
}
