import { PermissionUnknown, ResourceTypeUnknown, RoleUnknown } from '../errors/model-errors.js'
import { nearestSlug } from '../slugs.js'

/** How many organization-level roles count at a time. */
export type RoleMode = 'single' | 'multiple'

/** The literal slugs of a model, for the compiler: which permission and which role belongs to which type. */
export interface ModelShape {
  readonly type: string
  /** Of each type, the types it may live under. */
  readonly parents: Readonly<Record<string, string>>
  readonly permissions: Readonly<Record<string, string>>
  readonly roles: Readonly<Record<string, string>>
}

/** A resource type of a model that has passed its rules. */
export interface ResourceType {
  readonly slug: string
  readonly name: string
  readonly description: string | null
  /** Whether its resources can act. */
  readonly agent: boolean
  /** The types it may live under, sorted. Empty for `organization` only. */
  readonly parents: readonly string[]
  /** The types that may live directly under it, sorted. */
  readonly children: readonly string[]
  /** This type and every type that can lie below it. */
  readonly selfAndBelow: ReadonlySet<string>
}

/** A permission of a model that has passed its rules. */
export interface PermissionType {
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly on: string
  readonly fresh: boolean
}

/** A role of a model that has passed its rules. */
export interface RoleType {
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly on: string
  /** Sorted. */
  readonly permissions: readonly string[]
}

/**
 * Types, permissions and roles that fit together. Only `defineModel` makes one, so whoever holds a model holds
 * a valid one.
 */
export class Model<Shape extends ModelShape = ModelShape> {
  /** Carries the literal slugs to the compiler; there is no value behind it. */
  declare readonly shape: Shape

  constructor(
    /** `organization` included. */
    readonly types: ReadonlyMap<string, ResourceType>,
    readonly permissions: ReadonlyMap<string, PermissionType>,
    readonly roles: ReadonlyMap<string, RoleType>,
    readonly defaultRole: string | undefined,
    readonly maxDepth: number,
    readonly roleMode: RoleMode,
    /** Every organization-level role, highest first. */
    readonly rolePriority: readonly string[],
  ) {}

  /** @throws {PermissionUnknown} with the nearest slug. */
  permission(slug: string): PermissionType {
    const permission = this.permissions.get(slug)
    if (permission === undefined)
      throw new PermissionUnknown(slug, nearestSlug(slug, this.permissions.keys()))
    return permission
  }

  /** @throws {RoleUnknown} with the nearest slug. */
  role(slug: string): RoleType {
    const role = this.roles.get(slug)
    if (role === undefined) throw new RoleUnknown(slug, nearestSlug(slug, this.roles.keys()))
    return role
  }

  /** @throws {ResourceTypeUnknown} with the nearest slug. */
  type(slug: string): ResourceType {
    const type = this.types.get(slug)
    if (type === undefined) throw new ResourceTypeUnknown(slug, nearestSlug(slug, this.types.keys()))
    return type
  }
}

/** How the slug of an organization's own role begins, and no other: the two never meet. */
export const organizationRolePrefix = 'org-'

/** The slug of the implicit root type. */
export const rootType = 'organization'
