import type { OrganizationId, ResourceRef, SubjectRef } from '@bailiwick/core'
import { allowedByRoles } from '../decide/allowed-by-roles.js'
import { allows } from '../decide/decide.js'
import { locate } from '../decide/locate.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import type { none as noEntry, Records } from '../graph/records.js'
import type { Holder } from '../graph/row-table.js'
import { indexOf, type PermissionHandle } from './permission-handle.js'

// A constant of this module alone is compiled into what uses it; one that is imported is read each time.
const none: typeof noEntry = -1
/** Neither an entry nor `none`: it has not been looked for. */
const unknown = -2

/** Where a handle finds its organization: in memory and as new as can be, or not at all without waiting. */
export interface WarmOrganizations {
  warm(id: OrganizationId): { readonly graph: OrganizationGraph } | undefined
  /** Whether others may write it: then it must be asked for each time. */
  readonly areShared: boolean
}

/**
 * One subject, looked up once and asked about many times: what a guard keeps for a session. Turning ids into
 * places is most of what a check costs, and this saves half of it.
 *
 * It follows every change at once: when the subject goes it is denied, and when its organization is let go it says
 * that it cannot tell.
 */
export class SubjectHandle {
  // What an answer needs comes first: objects are read from memory in pieces of 64 bytes.
  #records: Records | undefined
  #epoch: number = none
  #holder: Holder = none
  #graph: OrganizationGraph | undefined
  readonly #organizations: WarmOrganizations
  readonly organizationId: OrganizationId
  readonly subject: SubjectRef

  constructor(organizations: WarmOrganizations, organizationId: OrganizationId, subject: SubjectRef) {
    this.#organizations = organizations
    this.organizationId = organizationId
    this.subject = subject
  }

  /**
   * May she, now? Without a resource the question is about the whole organization.
   *
   * @returns `undefined` when the organization is not in memory: then ask `check`, which waits for it.
   * @throws {PermissionUnknown} when the model has no such permission.
   */
  allows(
    permission: string | PermissionHandle,
    resource?: ResourceRef | ResourceHandle,
  ): boolean | undefined {
    // Two functions, each compiled for what it is asked, and none of them looks anything up. The compiler takes what is
    // called into who calls it until that is full, and what is full into nobody: with the look-ups in it, a question
    // cost a third more in the processes that had compiled it before who asks it.
    const known =
      resource instanceof ResourceHandle
        ? this.#knownOn(permission, resource)
        : this.#knownOnNamed(permission, resource)
    return known ?? this.#askAnew(permission, resource)
  }

  /** Where a resource stands in the subject's organization, or `none`. To be asked once the subject is located. */
  entryOf(resource: ResourceRef | undefined): number {
    const graph = this.#graph as OrganizationGraph
    return resource === undefined ? graph.resources.root : graph.findResource(resource)
  }

  /** The answer where everything was looked up before, and nothing of it has changed since. */
  #knownOn(permission: string | PermissionHandle, resource: ResourceHandle): boolean | undefined {
    const records = this.#records
    if (records === undefined || records.epoch !== this.#epoch) return undefined
    const entry = resource.entryIn(records)
    if (entry === unknown) return undefined
    return this.#allows(records, indexOf(permission, records.environment), entry)
  }

  #knownOnNamed(
    permission: string | PermissionHandle,
    resource: ResourceRef | undefined,
  ): boolean | undefined {
    const records = this.#records
    if (records === undefined || records.epoch !== this.#epoch) return undefined
    return this.#allows(records, indexOf(permission, records.environment), this.entryOf(resource))
  }

  #allows(records: Records, index: number, entry: number): boolean {
    if (entry === none) return false
    return (
      allowedByRoles(records, this.#holder, index, entry) ??
      allows(this.#graph as OrganizationGraph, this.#holder, index, entry)
    )
  }

  /** Look the subject up, remember where it is, and answer. */
  #askAnew(
    permission: string | PermissionHandle,
    resource: ResourceRef | ResourceHandle | undefined,
  ): boolean | undefined {
    this.#forget()
    const graph = this.#organizations.warm(this.organizationId)?.graph
    if (graph === undefined) return undefined
    const index = indexOf(permission, graph.environment)
    const named = resource instanceof ResourceHandle ? undefined : resource
    const located = locate(graph, this.subject, named)
    if (typeof located === 'string') return false
    const { records } = graph
    this.#graph = graph
    this.#records = records
    this.#epoch = this.#organizations.areShared ? none : records.epoch
    this.#holder = located.holder
    const entry = resource instanceof ResourceHandle ? resource.entryFor(this, records) : located.resource
    return entry !== none && allows(graph, this.#holder, index, entry)
  }

  #forget(): undefined {
    this.#graph = undefined
    this.#records = undefined
  }
}

/** One resource, looked up once. The same care as for a `SubjectHandle`. */
export class ResourceHandle {
  #epoch: number = none
  #entry: number = none
  /** When it was not there: it may be by now, if anything has changed since. */
  #changes: number = none
  readonly organizationId: OrganizationId
  readonly resource: ResourceRef

  constructor(organizationId: OrganizationId, resource: ResourceRef) {
    this.organizationId = organizationId
    this.resource = resource
  }

  /** The entry among the records of who asks, or `none`: a handle of another organization finds nothing. */
  entryFor(asking: SubjectHandle, records: Records): number {
    const entry = this.entryIn(records)
    return entry === unknown ? this.#locate(asking, records) : entry
  }

  /** The same, or `unknown` where it must be looked for. */
  entryIn(records: Records): number {
    const isKnown =
      this.#epoch === records.epoch && (this.#entry !== none || this.#changes === records.changes)
    return isKnown ? this.#entry : unknown
  }

  #locate(asking: SubjectHandle, { epoch, changes }: Records): number {
    this.#epoch = epoch
    this.#changes = changes
    this.#entry = asking.organizationId === this.organizationId ? asking.entryOf(this.resource) : none
    return this.#entry
  }
}
