import type { Assignment, DirectoryMapping, Resource } from './entities.js'
import type { MembershipId } from './ids.js'
import type { ResourceRef } from './question.js'

/** A role that a membership holds, and how it came to it. */
export interface HeldRole {
  readonly membershipId: MembershipId
  readonly role: string
  readonly resource: { readonly id: Resource['id']; readonly type: string; readonly externalId: string }
  readonly source: /** Assigned to the membership itself. */
    | { readonly kind: 'direct'; readonly assignment: Assignment }
    /** An organization-level role of the membership; there is no assignment behind it. */
    | { readonly kind: 'membership' }
    /** Assigned to a group that the membership is in. */
    | { readonly kind: 'group'; readonly assignment: Assignment }
    /** Given by a group of the identity provider. */
    | { readonly kind: 'mapping'; readonly mapping: DirectoryMapping }
  readonly createdAt: string
  readonly updatedAt: string
}

/** On which resources held roles are wanted: whatever is given must fit. */
export interface HeldRolesFilter {
  /** On this one, which must exist. */
  readonly resource?: ResourceRef
  /** On resources of this type. */
  readonly type?: string
  /** On resources with this external id, of any type. */
  readonly externalId?: string
}

/** A place in a list of held roles, in its fixed order: opaque. */
export interface HeldRolePage {
  readonly items: readonly HeldRole[]
  readonly before: string | null
  readonly after: string | null
}
