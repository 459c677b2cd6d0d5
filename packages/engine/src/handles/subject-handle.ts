import type { OrganizationId, ResourceRef, SubjectRef } from '@bailiwick/core'
import { allows } from '../decide/decide.js'
import { locateSubject } from '../decide/subject.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import type { Holder } from '../graph/row-table.js'

/** An organization in memory, as long as it is the engine's copy and can be believed. */
export interface WarmShard {
  readonly graph: OrganizationGraph
  readonly current: boolean
}

/** Where a handle finds its organization: in memory and as new as can be, or not at all without waiting. */
export interface WarmOrganizations {
  warm(id: OrganizationId): WarmShard | undefined
}

/**
 * One subject, looked up once and asked about many times: what a guard keeps for a session. Turning ids into
 * places is most of what a check costs, and this saves half of it.
 *
 * It follows every change at once and keeps nothing in memory: when the subject goes it is denied, and when its
 * organization is let go it says that it cannot tell.
 */
export class SubjectHandle {
  #shard: WarmShard | undefined
  #graph: OrganizationGraph | undefined
  #removals = -1
  #holder: Holder = none

  constructor(
    private readonly organizations: WarmOrganizations,
    readonly organizationId: OrganizationId,
    readonly subject: SubjectRef,
  ) {}

  /**
   * May she, now? Without a resource the question is about the whole organization.
   *
   * @returns `undefined` when the organization is not in memory: then ask `check`, which waits for it.
   * @throws {PermissionUnknown} when the model has no such permission.
   */
  allows(permission: string, resource?: ResourceRef | ResourceHandle): boolean | undefined {
    const graph = this.#warmGraph()
    if (graph === undefined) return undefined
    const index = graph.environment.permissionIndex(permission)
    const holder = this.#locate(graph)
    if (holder === none) return false
    const entry =
      resource === undefined
        ? graph.resources.root
        : resource instanceof ResourceHandle
          ? resource.locate(this.organizationId, graph)
          : graph.findResource(resource)
    return entry !== none && allows(graph, holder, index, entry)
  }

  #warmGraph(): OrganizationGraph | undefined {
    const shard = this.#shard
    if (shard?.current) return shard.graph
    this.#shard = this.organizations.warm(this.organizationId)
    return this.#shard?.graph
  }

  /** The holder, or `none` for one that is unknown or not active: only what was found is remembered. */
  #locate(graph: OrganizationGraph): Holder {
    if (this.#graph === graph && this.#removals === graph.removals && graph.isActive(this.#holder))
      return this.#holder
    if (graph.organization === undefined) return none
    const located = locateSubject(graph, this.subject)
    if (typeof located === 'string') return none
    this.#graph = graph
    this.#removals = graph.removals
    this.#holder = located
    return located
  }
}

/** One resource, looked up once. The same care as for a `SubjectHandle`. */
export class ResourceHandle {
  #graph: OrganizationGraph | undefined
  #removals = -1
  #entry = none

  constructor(
    readonly organizationId: OrganizationId,
    readonly resource: ResourceRef,
  ) {}

  /** The entry in a graph of `organizationId`, or `none`: a handle of another organization finds nothing. */
  locate(organizationId: OrganizationId, graph: OrganizationGraph): number {
    if (this.#graph === graph && this.#removals === graph.removals) return this.#entry
    if (organizationId !== this.organizationId) return none
    const entry = graph.findResource(this.resource)
    if (entry === none) return none
    this.#graph = graph
    this.#removals = graph.removals
    this.#entry = entry
    return entry
  }
}
