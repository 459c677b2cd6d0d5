import {
  EntityNotFound,
  type Organization,
  type ResourceRef,
  RootResourceFixed,
  type SubjectRef,
} from '@bailiwick/core'
import type { MembershipNode, ResourceNode } from '../graph/nodes.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'

/** What a command works on, once it is known to exist. */
export interface OpenOrganization {
  readonly organization: Organization
  readonly root: ResourceNode
}

/** @throws {EntityNotFound} `organization_not_found`. */
export function requireOrganization(graph: OrganizationGraph, id: string): OpenOrganization {
  const { organization, root } = graph
  if (organization === undefined || root === undefined) throw new EntityNotFound('organization', id)
  return { organization, root }
}

/** @throws {EntityNotFound} `membership_not_found`. */
export function requireMembership(graph: OrganizationGraph, subject: SubjectRef): MembershipNode {
  const membership = graph.findMembership(subject)
  if (membership === undefined) {
    throw new EntityNotFound('membership', 'membershipId' in subject ? subject.membershipId : subject.userId)
  }
  return membership
}

/** @throws {EntityNotFound} `resource_not_found`; {ResourceTypeUnknown} for a type that the model does not have. */
export function requireResource(graph: OrganizationGraph, ref: ResourceRef): ResourceNode {
  if ('type' in ref) graph.environment.model.type(ref.type)
  const resource = graph.findResource(ref)
  if (resource === undefined) {
    throw new EntityNotFound(
      'resource',
      'resourceId' in ref ? ref.resourceId : `${ref.type}/${ref.externalId}`,
    )
  }
  return resource
}

/** A resource that may be changed: any but the organization's own. @throws {RootResourceFixed} */
export function requireOwnResource(graph: OrganizationGraph, ref: ResourceRef): ResourceNode {
  const resource = requireResource(graph, ref)
  if (resource.parent === undefined) throw new RootResourceFixed(resource.entity.organizationId)
  return resource
}
