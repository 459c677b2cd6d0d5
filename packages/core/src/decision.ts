import type { SubjectKey } from './entities.js'
import type { AssignmentId, ExclusionId, GroupId, MappingId, OrganizationId, ResourceId } from './ids.js'
import type { CheckQuestion, SubjectRef } from './question.js'

/** A resource as a decision names it. */
export interface ResourceAddress {
  readonly id: ResourceId
  readonly type: string
  readonly externalId: string
}

/** What makes an allow true. `on` is where the role is held: the resource asked about, or one above it. */
export type Grant =
  /** The verified token carries the permission for the whole organization. */
  | { readonly from: 'session'; readonly organizationId: OrganizationId; readonly permission: string }
  /** A service elsewhere says yes, and does not say why. */
  | { readonly from: 'service'; readonly organizationId: OrganizationId; readonly permission: string }
  /** An organization-level role of the membership. */
  | { readonly from: 'membership'; readonly role: string; readonly on: ResourceAddress }
  /** A role assigned to the subject itself on a resource. */
  | {
      readonly from: 'assignment'
      readonly assignmentId: AssignmentId
      readonly role: string
      readonly on: ResourceAddress
    }
  /** A role assigned to a group that the membership is in. */
  | {
      readonly from: 'group'
      readonly groupId: GroupId
      readonly assignmentId: AssignmentId
      readonly role: string
      readonly on: ResourceAddress
    }
  /** A role mapped to a group of the identity provider that the membership is in. */
  | {
      readonly from: 'directory'
      readonly mappingId: MappingId
      readonly directoryGroup: string
      readonly role: string
      readonly on: ResourceAddress
    }
  /** The permission alone, given to the subject or to a group it is in. */
  | {
      readonly from: 'permission'
      readonly exclusionId: ExclusionId
      readonly holder: SubjectKey
      readonly on: ResourceAddress
    }

/** Why not: the first that applies, in this order. */
export type DenyReason =
  /** The session belongs to no organization, or to another one than the resource. Only a session's check says so. */
  | 'organization_mismatch'
  | 'organization_unknown'
  | 'membership_unknown'
  | 'membership_inactive'
  | 'group_unknown'
  /** There is no such resource to act, or its type is not able to act. */
  | 'agent_unknown'
  | 'resource_unknown'
  /** Something grants it, and an exclusion denies it. */
  | 'excluded'
  | 'no_grant'

/** A role that would have allowed it, and the nearest resource on which it would have to be held. */
export interface NearestMiss {
  readonly role: string
  readonly on: ResourceAddress
}

/** An exclusion that denies, whatever grants. */
export interface ExclusionHit {
  readonly exclusionId: ExclusionId
  /** The subject itself, or a group that it is in. */
  readonly holder: SubjectKey
  readonly on: ResourceAddress
}

/** What allows one of those for whom the subject acts. */
export interface Delegation {
  readonly onBehalfOf: SubjectRef
  readonly grants: readonly [Grant, ...Grant[]]
}

/** An allow always names a grant, so an allow that nobody can explain does not compile. */
export interface Allow {
  readonly kind: 'allow'
  readonly grants: readonly [Grant, ...Grant[]]
  /** One for each party that the subject acts for, in the order of the question; absent without any. */
  readonly delegations?: readonly Delegation[]
}

export interface Deny {
  readonly kind: 'deny'
  readonly reason: DenyReason
  /** Nearest first; empty where no role of the model would do, or the question names something unknown. */
  readonly nearestMisses: readonly NearestMiss[]
  /**
   * What stands in the way. There whenever the reason is `excluded`; with `no_grant` it says that a role alone would
   * not help.
   */
  readonly exclusions?: readonly ExclusionHit[]
  /** Whose denial it is, when it is that of a party for whom the subject acts. */
  readonly onBehalfOf?: SubjectRef
}

/** The answer to a check. An allow of `check` names the first grant found; `explain` names them all. */
export type Decision = Allow | Deny

/** The complete form of a decision. */
export interface Explanation {
  readonly question: CheckQuestion
  readonly decision: Decision
  /** From the resource asked about up to the organization. Empty when the resource is unknown. */
  readonly path: readonly ResourceAddress[]
  /** The decision in short sentences, the answer first. */
  readonly sentences: readonly string[]
  /** The revision of the organization that was looked at. */
  readonly revision: number
}
