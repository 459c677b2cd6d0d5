import type { ResourceAddress } from './decision.js'
import type { OrganizationId } from './ids.js'
import type { Asking } from './question.js'
import type { Permission, ResourceTypeSlug } from './register.js'

/** Which resources of a type may she, as a condition for the application's own database? */
export interface ScopeQuestion extends Asking {
  readonly permission: Permission
  /** The type of the resources wanted. */
  readonly type: ResourceTypeSlug
}

/**
 * Where a permission holds for one type of resource. It is exact: the resources it describes are those on which a
 * check allows, whatever is added below the named ones later, until somebody's roles or a resource's place change.
 */
export type Scope =
  /** Nowhere. */
  | { readonly kind: 'none' }
  /** On every resource of the type in the organization. */
  | { readonly kind: 'all'; readonly organizationId: OrganizationId; readonly type: string }
  /** On some. */
  | {
      readonly kind: 'some'
      readonly organizationId: OrganizationId
      readonly type: string
      /** These resources and all below them, ordered by id. One of the wanted type stands for itself. */
      readonly within: readonly [ResourceAddress, ...ResourceAddress[]]
      /** But not these, nor anything below them, ordered by id. */
      readonly except: readonly ResourceAddress[]
    }
