import type { MembershipId, OrganizationId, ResourceId } from './ids.js'

/** Who asks: a membership by its id, or by the user it belongs to (in the question's organization). */
export type SubjectRef = { readonly membershipId: MembershipId } | { readonly userId: string }

/** One resource of the question's organization: by our id, or by the application's own within a type. */
export type ResourceRef =
  | { readonly resourceId: ResourceId }
  | { readonly type: string; readonly externalId: string }

/** May she? */
export interface CheckQuestion {
  readonly organizationId: OrganizationId
  readonly subject: SubjectRef
  readonly permission: string
  /** Without one, the question is about the whole organization: a role on one project does not answer it. */
  readonly resource?: ResourceRef
}

/** Proof of a write: a check that carries it sees that write, and all before it, in the same organization. */
export type ConsistencyToken = string & { readonly consistency: unique symbol }

export interface CheckOptions {
  /** How new the answer must be. Default: as new as this engine promises (docs/consistency.md). */
  readonly consistency?: { readonly atLeast: ConsistencyToken } | 'latest'
  readonly signal?: AbortSignal
}
