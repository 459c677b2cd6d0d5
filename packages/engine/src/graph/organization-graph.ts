import {
  type MembershipRef,
  type Organization,
  type OrganizationId,
  type ResourceRef,
  type RoleOrderRecord,
  type SubjectKey,
} from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import { ExclusionTable } from './exclusion-table.js'
import { found } from './found.js'
import { GroupTable } from './group-table.js'
import { findByExternalId, findMembershipById } from './lookup.js'
import { MappingTable } from './mapping-table.js'
import { MembershipTable } from './membership-table.js'
import { none, type RecordKind, Records } from './records.js'
import { ResourceTable } from './resource-table.js'
import { RoleTable } from './role-table.js'
import { agentKind, groupKind, type Holder, holderOf, membershipKind, RowTable } from './row-table.js'

/**
 * One organization in memory: what decides, and nothing else. Names, descriptions and dates stay in the store.
 * It changes only by `applyChanges`, and holds exactly what was applied.
 */
export class OrganizationGraph {
  // What a check needs comes first: objects are read from memory in pieces of 64 bytes.
  /** The numbers of all tables. */
  readonly records: Records
  readonly resources: ResourceTable
  readonly memberships: MembershipTable
  organization: Pick<Organization, 'id' | 'externalId'> | undefined
  readonly groups: GroupTable
  readonly rows: RowTable
  readonly roles: RoleTable
  readonly mappings: MappingTable = new MappingTable()
  readonly exclusions: ExclusionTable = new ExclusionTable()
  roleOrder: RoleOrderRecord | undefined
  #priorities: ReadonlyMap<number, number> | undefined

  constructor(readonly environment: Environment) {
    this.records = new Records(environment)
    this.roles = new RoleTable(environment, this.records)
    this.resources = new ResourceTable(environment, this.records)
    this.memberships = new MembershipTable(
      this.records,
      (id) => this.roles.byId(id),
      (role) => this.roles.role(role).id,
    )
    this.groups = new GroupTable(this.memberships, this.records)
    this.rows = new RowTable(this.records, this.resources, this.memberships, this.groups)
  }

  /** How much memory it takes, about. */
  get bytes(): number {
    const tables = this.resources.bytes + this.memberships.bytes + this.groups.bytes + this.rows.bytes
    return (
      this.records.words.byteLength +
      tables +
      400 * (this.mappings.size + this.exclusions.size + this.roles.size) +
      4_096
    )
  }

  /** Have room for what is about to be added to an empty graph. @param textBytes - Of all ids that are texts. */
  reserve(counts: Readonly<Record<RecordKind, number>>, textBytes: number): void {
    this.records.resize([
      ...this.records.lengthsFor(counts),
      ...this.resources.reserve(counts.resources),
      ...this.memberships.reserve(counts.memberships),
      ...this.rows.reserve(counts.rows),
      this.records.arena.lengthFor(textBytes),
    ])
  }

  /** Give back what growing took in advance. */
  trim(): void {
    for (const table of [this.resources, this.memberships, this.rows]) table.trim()
    this.records.resize([this.records.arena.lengthUsed()])
  }

  /** The entry of a membership, or `none`. */
  findMembership(ref: MembershipRef): number {
    return 'membershipId' in ref
      ? findMembershipById(this.records, ref.membershipId)
      : this.memberships.findByUser(ref.userId)
  }

  /** The entry of a resource, or `none`. The root answers to the organization's id and to its external id. */
  findResource(ref: ResourceRef): number {
    if ('resourceId' in ref) return this.resources.findById(ref.resourceId)
    const type = this.environment.findType(ref.type)
    if (type === undefined) return none
    if (type > 0) return findByExternalId(this.records, type, ref.externalId)
    return this.#answersTo(ref.externalId) ? this.resources.root : none
  }

  /** Whether the resource can act. */
  isAgent(resource: number): boolean {
    return this.environment.model.type(this.environment.typeSlug(this.resources.type(resource))).agent
  }

  /** The holder of a stored subject. @throws {Error} when it is not there. */
  holder(subject: SubjectKey): Holder {
    switch (subject.kind) {
      case 'membership':
        return holderOf(membershipKind, found(this.memberships.findById(subject.id), subject.id))
      case 'group':
        return holderOf(groupKind, found(this.groups.find(subject.id), subject.id))
      case 'agent':
        return holderOf(agentKind, this.resource(subject.id))
    }
  }

  /** The stored form of a holder. */
  subject(holder: Holder): SubjectKey {
    const entry = holder >> 2
    switch (holder & 3) {
      case membershipKind:
        return { kind: 'membership', id: this.memberships.id(entry) }
      case groupKind:
        return { kind: 'group', id: this.groups.id(entry) }
      default:
        return { kind: 'agent', id: this.resources.id(entry) }
    }
  }

  /** The entry of a resource that a commit names. @throws {Error} when it is not there. */
  resource(id: string): number {
    return found(this.resources.findById(id), id)
  }

  get id(): OrganizationId | undefined {
    return this.organization?.id
  }

  /** The place of an organization-level role in the order of priority; 0 is the highest. */
  priorityOf(role: number): number {
    this.#priorities ??= this.#orderRoles()
    return this.#priorities.get(role) ?? Number.MAX_SAFE_INTEGER
  }

  /** To be called when roles, or their order, have changed. */
  forgetPriorities(): void {
    this.#priorities = undefined
  }

  // The organization's own order first, then the environment's for what it does not name, then its own roles.
  #orderRoles(): ReadonlyMap<number, number> {
    const named = (this.roleOrder?.priority ?? []).map((id) => this.roles.byId(id))
    const others = this.environment.model.rolePriority.map((slug) => this.roles.bySlug(slug))
    const own = [...this.roles.own()].map(({ id }) => this.roles.byId(id))
    const ordered = new Set([...named, ...others, ...own].filter((role) => role !== none))
    return new Map([...ordered].map((role, priority) => [role, priority]))
  }

  #answersTo(externalId: string): boolean {
    const { organization } = this
    return (
      organization !== undefined && (externalId === organization.id || externalId === organization.externalId)
    )
  }
}
