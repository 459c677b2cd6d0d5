import type { RoleMode } from './model/model.js'

/** What people read of a thing, changed: `null` clears a description. */
export interface Renaming {
  readonly name?: string
  readonly description?: string | null
}

export interface NewResourceType {
  readonly slug: string
  readonly name?: string
  readonly description?: string | null
  /** The types it may live under. Default: `organization`. */
  readonly parents?: readonly string[]
  /** Whether its resources can act. Default `false`. */
  readonly agent?: boolean
}

export interface NewPermission {
  readonly slug: string
  readonly name?: string
  readonly description?: string | null
  /** Its resource type. Default `organization`. */
  readonly on?: string
  /** Never answered from a token. Default `false`. */
  readonly fresh?: boolean
}

export interface NewEnvironmentRole {
  readonly slug: string
  readonly name?: string
  readonly description?: string | null
  /** Its resource type. Default `organization`. */
  readonly on?: string
  readonly permissions?: readonly string[]
}

/** Settings of the environment; what is left out stays. */
export interface EnvironmentSettings {
  readonly defaultRole: string | null
  readonly roleMode: RoleMode
  /** Every organization-level role of the environment, highest first. */
  readonly rolePriority: readonly string[]
  readonly maxDepth: number
}

/** The default role and the priority of roles that hold in an organization. */
export interface RoleOrder {
  readonly defaultRole: string | null
  /** Every organization-level role that it may give, highest first. */
  readonly priority: readonly string[]
}
