import type { GroupId, MembershipId, OrganizationId, ResourceId } from './ids.js'
import type { Permission, ResourceTypeSlug } from './register.js'

/** A membership by its id, or by the user it belongs to (in the question's organization). */
export type MembershipRef = { readonly membershipId: MembershipId } | { readonly userId: string }

/** An agent: a resource whose type is able to act. */
export type AgentRef = { readonly agent: ResourceRef }

/** Who asks. */
export type SubjectRef = MembershipRef | { readonly groupId: GroupId } | AgentRef

/** One resource of the question's organization: by our id, or by the application's own within a type. */
export type ResourceRef =
  | { readonly resourceId: ResourceId }
  | { readonly type: ResourceTypeSlug; readonly externalId: string }

/** Who asks, and for whom. */
export interface Asking {
  readonly organizationId: OrganizationId
  readonly subject: SubjectRef
  /**
   * Those for whom the subject acts, nearest first: a user, or other agents on the way from her. Everyone named
   * must be allowed on their own, so nobody ever exceeds whom they act for.
   */
  readonly onBehalfOf?: readonly SubjectRef[]
}

/** May she? */
export interface CheckQuestion extends Asking {
  readonly permission: Permission
  /** Without one, the question is about the whole organization: a role on one project does not answer it. */
  readonly resource?: ResourceRef
}

/** Which resources may she? */
export interface ResourcesQuestion extends Asking {
  readonly permission: Permission
  /** The type of the resources wanted. */
  readonly type: ResourceTypeSlug
  /** Only below this resource, itself not included. Default: the whole organization. */
  readonly under?: ResourceRef
  /** Everything below, or direct children only. Default `subtree`. */
  readonly depth?: 'subtree' | 'children'
}

/** Who may? */
export interface SubjectsQuestion {
  readonly organizationId: OrganizationId
  readonly permission: Permission
  /** Default: the organization itself. */
  readonly resource?: ResourceRef
  /** The kind of subject wanted. A membership counts through its groups as well. Default `membership`. */
  readonly kind?: 'membership' | 'group' | 'agent'
  /** `direct`: only who holds something on this very resource. Default `any`. */
  readonly access?: 'any' | 'direct'
}

/** What may she, here? */
export interface PermissionsQuestion extends Asking {
  /** Default: the organization itself. */
  readonly resource?: ResourceRef
}

/** A place in a list, between two items: opaque, and good only for the question that it came from. */
export type Cursor = string & { readonly cursor: unique symbol }

/**
 * Which part of a list. Lists are ordered by id and a cursor is a place between ids, so nothing that stays is seen
 * twice or skipped, whatever is written meanwhile; and every cursor may be followed in both directions.
 */
export interface PageOptions extends CheckOptions {
  /** 1 to 100, default 10. */
  readonly limit?: number
  /** What follows this place, or the item with this id, which need not be there any more. Not together with `before`. */
  readonly after?: Cursor | ItemId
  /** What precedes it, nearest to it, still in the order of the list. */
  readonly before?: Cursor | ItemId
  /** By id, ascending or descending; a cursor is good for both. Default `asc`. */
  readonly order?: 'asc' | 'desc'
}

/** An id of what a list holds. */
export type ItemId = ResourceId | MembershipId | GroupId

/** Part of a list. A cursor is `null` only where there is surely nothing more at the moment of the answer. */
export interface Page<Item> {
  readonly items: readonly Item[]
  /** The place to go on from, or `null` at the end. */
  readonly after: Cursor | null
  /** The place to go back from, or `null` at the beginning. */
  readonly before: Cursor | null
}

/** Proof of a write: a check that carries it sees that write, and all before it, in the same organization. */
export type ConsistencyToken = string & { readonly consistency: unique symbol }

export interface CheckOptions {
  /**
   * How new the answer must be. Default: as new as this engine promises (docs/server.md, docs/remote.md).
   *
   * - A token: as new as the write that it comes from, which is waited for.
   * - `latest`: as new as the store is now.
   * - `bounded`: at most a second old, where several nodes share a store; it saves them a question to it. Where nobody
   *   else writes, an answer is never old.
   */
  readonly consistency?: { readonly atLeast: ConsistencyToken } | 'latest' | 'bounded'
  readonly signal?: AbortSignal
}
