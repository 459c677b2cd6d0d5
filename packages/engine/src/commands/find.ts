import {
  EntityNotFound,
  type MembershipRef,
  nearestSlug,
  type ResourceRef,
  RoleTypeMismatch,
  RoleUnknown,
  RootResourceFixed,
  type SubjectRef,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { agentKind, groupKind, type Holder, holderOf, membershipKind } from '../graph/row-table.js'

/** @returns the entry of the root resource. @throws {EntityNotFound} `organization_not_found`. */
export function requireOrganization({ organization, resources }: OrganizationGraph, id: string): number {
  if (organization === undefined || resources.root === none) throw new EntityNotFound('organization', id)
  return resources.root
}

/** @returns the entry. @throws {EntityNotFound} `membership_not_found`. */
export function requireMembership(graph: OrganizationGraph, ref: MembershipRef): number {
  const membership = graph.findMembership(ref)
  if (membership === none) throw membershipNotFound(ref)
  return membership
}

/** @returns the entry. @throws {EntityNotFound} `group_not_found`. */
export function requireGroup(graph: OrganizationGraph, id: string): number {
  const group = graph.groups.find(id)
  if (group === none) throw new EntityNotFound('group', id)
  return group
}

/**
 * @returns the entry.
 * @throws {EntityNotFound} `resource_not_found`; {ResourceTypeUnknown} for a type that the model does not have.
 */
export function requireResource(graph: OrganizationGraph, ref: ResourceRef): number {
  if ('type' in ref) graph.environment.model.type(ref.type)
  const resource = graph.findResource(ref)
  if (resource === none) throw new EntityNotFound('resource', nameOf(ref))
  return resource
}

/** A resource that may be changed: any but the organization's own. @throws {RootResourceFixed} */
export function requireOwnResource(graph: OrganizationGraph, ref: ResourceRef): number {
  const resource = requireResource(graph, ref)
  if (resource === graph.resources.root && graph.id !== undefined) throw new RootResourceFixed(graph.id)
  return resource
}

/** A resource, or the root where none is named. */
export function requirePlace(graph: OrganizationGraph, ref: ResourceRef | undefined): number {
  return ref === undefined ? graph.resources.root : requireResource(graph, ref)
}

/** Whoever holds roles, active or not; `undefined` for a stranger, or a resource that is not able to act. */
export function findHolder(graph: OrganizationGraph, subject: SubjectRef): Holder | undefined {
  const [kind, entry] = locate(graph, subject)
  if (entry === none || (kind === agentKind && !graph.isAgent(entry))) return undefined
  return holderOf(kind, entry)
}

/** @throws {EntityNotFound} `membership_not_found`, `group_not_found` or `agent_not_found`. */
export function requireHolder(graph: OrganizationGraph, subject: SubjectRef): Holder {
  const holder = findHolder(graph, subject)
  if (holder !== undefined) return holder
  if ('groupId' in subject) throw new EntityNotFound('group', subject.groupId)
  if ('agent' in subject) throw new EntityNotFound('agent', nameOf(subject.agent))
  throw membershipNotFound(subject)
}

/** @returns the entry of a role, the organization's own included. @throws {RoleUnknown} with the nearest slug. */
export function requireRole({ roles, environment }: OrganizationGraph, slug: string): number {
  const role = roles.bySlug(slug)
  if (role !== none) return role
  const known = [...environment.model.roles.keys(), ...[...roles.own()].map((own) => own.slug)]
  throw new RoleUnknown(slug, nearestSlug(String(slug), known))
}

/** @returns the entry of a role that is held on the organization. @throws {RoleTypeMismatch} for any other. */
export function requireOrganizationLevelRole(graph: OrganizationGraph, slug: string): number {
  const role = requireRole(graph, slug)
  requireRoleFits(graph, role, graph.resources.root)
  return role
}

/** @throws {RoleTypeMismatch} unless the resource is of the role's own type. */
export function requireRoleFits(graph: OrganizationGraph, role: number, resource: number): void {
  const { slug, on } = graph.roles.role(role)
  const type = graph.environment.typeSlug(graph.resources.type(resource))
  if (on !== type) throw new RoleTypeMismatch(slug, on, type)
}

function locate(graph: OrganizationGraph, subject: SubjectRef): readonly [kind: number, entry: number] {
  if ('groupId' in subject) return [groupKind, graph.groups.find(subject.groupId)]
  if ('agent' in subject) return [agentKind, graph.findResource(subject.agent)]
  return [membershipKind, graph.findMembership(subject)]
}

function membershipNotFound(ref: MembershipRef): EntityNotFound {
  return new EntityNotFound('membership', 'membershipId' in ref ? ref.membershipId : ref.userId)
}

function nameOf(ref: ResourceRef): string {
  return 'resourceId' in ref ? ref.resourceId : `${ref.type}/${ref.externalId}`
}
