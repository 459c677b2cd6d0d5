import type { RoleMode } from './model.js'

/** A resource type: its slug is the key under which it stands. */
export interface ResourceTypeDefinition<ParentSlug extends string = string> {
  /** The types it may live under, at least one; `organization` is the root of every organization. */
  readonly parents: readonly ParentSlug[]
  readonly name?: string
  readonly description?: string
  /** Resources of this type can act: hold roles, and ask for themselves or on behalf of somebody. Default `false`. */
  readonly agent?: boolean
}

/** A permission: the slug of its resource type, or that with more said. */
export type PermissionDefinition<TypeSlug extends string = string> =
  | TypeSlug
  | {
      readonly on: TypeSlug
      readonly name?: string
      readonly description?: string
      /** Never answer from a token: a revocation holds at the very next request. Default `false`. */
      readonly fresh?: boolean
    }

/** A role, held on resources of one type, with permissions of that type and of the types below it. */
export interface RoleDefinition<TypeSlug extends string = string, PermissionSlug extends string = string> {
  readonly on: TypeSlug
  readonly permissions: readonly PermissionSlug[]
  readonly name?: string
  readonly description?: string
}

/** What `defineModel` takes, as plain data: it may come from a file as well. */
export interface ModelDefinition {
  readonly resourceTypes: Readonly<Record<string, ResourceTypeDefinition>>
  readonly permissions: Readonly<Record<string, PermissionDefinition>>
  readonly roles: Readonly<Record<string, RoleDefinition>>
  /** The organization role of a membership that is created without one. Default: none. */
  readonly defaultRole?: string
  /**
   * Whether a membership holds one organization-level role at a time, the one of highest priority over all its
   * sources, or all of them. Default `multiple`.
   */
  readonly roleMode?: RoleMode
  /** Organization-level role slugs, highest first; those not named follow in the order of `roles`. */
  readonly rolePriority?: readonly string[]
  /** How many levels of resources may lie below the organization. Default 5. */
  readonly maxDepth?: number
}
