import type { AssignmentRecord, MembershipRecord, Resource, ResourceAddress } from '@bailiwick/core'
import type { Role } from '../environment/environment.js'

/** A resource in its place. The root has no parent. */
export interface ResourceNode {
  entity: Resource
  parent: ResourceNode | undefined
  readonly address: ResourceAddress
  readonly children: Set<ResourceNode>
  readonly assignments: Set<AssignmentNode>
}

/** A membership with what it holds. Roles that have gone are left out. */
export interface MembershipNode {
  entity: MembershipRecord
  roles: readonly Role[]
  readonly assignments: Map<ResourceNode, AssignmentNode[]>
}

/** A role held by a membership on a resource. */
export interface AssignmentNode {
  readonly entity: AssignmentRecord
  readonly membership: MembershipNode
  readonly resource: ResourceNode
  readonly role: Role | undefined
}
