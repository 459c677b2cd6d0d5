import type {
  AssignmentRecord,
  ExclusionRecord,
  Group,
  GroupMemberRecord,
  MappingRecord,
  MembershipRecord,
  Organization,
  OrganizationRoleRecord,
  Resource,
  RoleOrderRecord,
  Stamped,
  Timestamp,
  User,
} from './entities.js'
import type { OrganizationId, PermissionId, RoleId, UserId } from './ids.js'
import type { RoleMode } from './model/model.js'
import type { Origin } from './origin.js'

/** The shard that holds the model: types, permissions, environment roles, settings. */
export const environmentShard = 'environment'

/** The shard of one user. The prefix keeps it apart from all others, whatever a user is called. */
export type UserShardId = `user:${UserId}`

/** The shard of one thing that the service has of its own: a key, a webhook endpoint, the template of its tokens. */
export type ServiceShardId = `service:${string}`

/** What is serialised together: one organization, one user, one part of the service, or the environment. */
export type ShardId = OrganizationId | UserShardId | ServiceShardId | typeof environmentShard

/** Each user is a shard of her own: organizations refer to users by id, and hold nothing of them. */
export function userShard(id: UserId): UserShardId {
  return `user:${id}`
}

/** Each part of the service is a shard of its own: none refers to another. */
export function serviceShard(id: string): ServiceShardId {
  return `service:${id}`
}

/** How many commits a shard has seen. A shard that was never written is at 0. */
export type Revision = number

/** A resource type as stored; types are known by slug, and a slug can go only when nothing uses it. */
export interface ResourceTypeRecord extends Stamped {
  readonly id: string
  readonly name: string
  readonly description: string | null
  readonly parents: readonly string[]
  readonly agent: boolean
}

export interface PermissionRecord extends Stamped {
  readonly id: PermissionId
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly on: string
  readonly fresh: boolean
}

export interface RoleRecord extends Stamped {
  readonly id: RoleId
  readonly slug: string
  readonly name: string
  readonly description: string | null
  readonly on: string
  readonly permissionIds: readonly PermissionId[]
}

/** The one entity of its kind, under the id `settings`. */
export interface SettingsRecord {
  readonly id: 'settings'
  readonly defaultRole: string | null
  readonly maxDepth: number
  readonly roleMode: RoleMode
  /** Organization-level role slugs, highest first. */
  readonly rolePriority: readonly string[]
}

/** What an API key may; never what it is. */
export interface ApiKeyRecord {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** The beginning and the end of the key. */
  readonly hint: string
  readonly createdAt: Timestamp
  readonly expiresAt: Timestamp | null
  readonly revokedAt: Timestamp | null
}

/** Where events are sent; never the secret that signs them. */
export interface WebhookEndpointRecord extends Stamped {
  readonly id: string
  readonly url: string
  readonly events: readonly string[]
  readonly status: string
}

/** The one entity of its kind, under the id `environment`. */
export interface JwtTemplateRecord extends Stamped {
  readonly id: 'environment'
  readonly content: string
}

/** A key that signs the tokens of a client from now on; nothing of the key but its name. */
export interface SigningKeyRecord {
  /** The `kid` of the tokens. */
  readonly id: string
  readonly clientId: string
  readonly createdAt: Timestamp
}

/** Everything that is stored, by kind. */
export interface EntityByKind {
  readonly organization: Organization
  readonly membership: MembershipRecord
  readonly resource: Resource
  readonly assignment: AssignmentRecord
  readonly group: Group
  readonly group_member: GroupMemberRecord
  readonly organization_role: OrganizationRoleRecord
  readonly role_order: RoleOrderRecord
  readonly mapping: MappingRecord
  readonly exclusion: ExclusionRecord
  readonly resource_type: ResourceTypeRecord
  readonly permission: PermissionRecord
  readonly role: RoleRecord
  readonly settings: SettingsRecord
  readonly user: User
  readonly api_key: ApiKeyRecord
  readonly webhook_endpoint: WebhookEndpointRecord
  readonly jwt_template: JwtTemplateRecord
  readonly signing_key: SigningKeyRecord
}

export type EntityKind = keyof EntityByKind

/** An entity with its kind beside it. */
export type AnyEntity = {
  [Kind in EntityKind]: { readonly kind: Kind; readonly entity: EntityByKind[Kind] }
}[EntityKind]

/** One step of a commit: the whole entity as it is now, or the id of one that is no more. */
export type Change =
  | (AnyEntity & { readonly op: 'put' })
  | { readonly op: 'remove'; readonly kind: EntityKind; readonly id: string }

/** What the service has of its own, by kind. */
export type ServicePartKind = 'api_key' | 'webhook_endpoint' | 'jwt_template' | 'signing_key'

/** What became of a part of the service. */
export type ServicePartChange =
  | (Extract<AnyEntity, { readonly kind: ServicePartKind }> & { readonly op: 'put' })
  | { readonly op: 'remove'; readonly kind: ServicePartKind; readonly id: string }

/** What one command changed in one shard, all of it or nothing. */
export interface Commit {
  readonly shard: ShardId
  readonly revision: Revision
  readonly at: Timestamp
  readonly changes: readonly Change[]
  /** Absent where nobody said. */
  readonly origin?: Origin
}

/** A row of the log, and what proves it: its hash covers its text, its place, and the hash of the row before it. */
export interface LogLink {
  /** The position of its first commit. */
  readonly first: number
  /** The position of its last commit. */
  readonly position: number
  /** What is stored, in UTF-8. */
  readonly text: string | Uint8Array
  /** SHA-256 in hexadecimal; `null` for what was written by a release that had no chain. */
  readonly hash: string | null
}

/** A commit and its place among those of all shards: whole numbers from 1 on, growing. */
export interface LogEntry {
  readonly position: number
  readonly commit: Commit
}
