import type { AgentOptions } from '@bailiwick/client'
import type { MembershipStatus, Model } from '@bailiwick/core'
import type { Issuer } from '../issuer/create-issuer.js'

type TypeOf<M extends Model> = Exclude<M['shape']['type'], 'organization'>
type Roles<M extends Model> = M['shape']['roles']
type PermissionOf<M extends Model> = keyof M['shape']['permissions'] & string
/** A role of the organization's own. */
type OwnRole = `org-${string}`
type OneOrMore<Value> = Value | readonly Value[]

/** The roles that are held on resources of one type. */
type RoleOn<M extends Model, Type extends string> = {
  [Role in keyof Roles<M> & string]: Type extends Roles<M>[Role] ? Role : never
}[keyof Roles<M> & string]

/** A resource as fixtures name it: its type, a colon, its external id. */
export type Place<M extends Model = Model> = `${TypeOf<M>}:${string}`

/** Resources with what lies below them: `{ 'workspace:design': { 'project:web': {} } }`. */
export type ResourceTree<M extends Model = Model> = { readonly [P in Place<M>]: ResourceTree<M> }

/** One resource of a list; one without `under` lies directly under the organization. */
export interface ListedResource<M extends Model = Model> {
  readonly place: Place<M>
  readonly under?: Place<M>
  /** Default: the external id. */
  readonly name?: string
}

/** What somebody holds, and what is kept from them, in one organization. */
export interface HolderFixture<M extends Model = Model> {
  /** Roles on the organization. Default none, also where the model has a default role. */
  readonly roles?: readonly (RoleOn<M, 'organization'> | OwnRole)[]
  /** Roles on resources: `{ 'project:web': 'project-editor' }`. */
  readonly on?: {
    readonly [Type in TypeOf<M> as `${Type}:${string}`]: OneOrMore<RoleOn<M, Type> | OwnRole>
  }
  /** Permissions denied on a resource and below, whatever grants them: `{ 'project:web': 'project:edit' }`. */
  readonly denied?: { readonly [P in Place<M> | 'organization']?: OneOrMore<PermissionOf<M>> }
  /** Permissions granted without a role, on a resource and below. */
  readonly allowed?: { readonly [P in Place<M> | 'organization']?: OneOrMore<PermissionOf<M>> }
}

/** Somebody in one organization, with what is held there. */
export interface PersonFixture<M extends Model = Model> extends HolderFixture<M> {
  /** Default `active`. */
  readonly status?: MembershipStatus
}

/** A group, its members by the names of the people. */
export interface GroupFixture<M extends Model = Model> extends HolderFixture<M> {
  readonly members?: readonly string[]
}

/** A role of one organization. */
export interface OrganizationRoleFixture<M extends Model = Model> {
  /** Default `organization`. */
  readonly on?: M['shape']['type']
  readonly permissions: readonly PermissionOf<M>[]
}

/** One organization. Names are what a test calls them; ids are made of them. */
export interface OrganizationFixture<M extends Model = Model> {
  readonly resources?: ResourceTree<M> | readonly ListedResource<M>[]
  /** The organization's own roles, by slug. */
  readonly organizationRoles?: { readonly [Slug in OwnRole]: OrganizationRoleFixture<M> }
  /** By name. The same name in another organization is the same user there. */
  readonly people?: Readonly<Record<string, PersonFixture<M>>>
  /** By name. */
  readonly groups?: Readonly<Record<string, GroupFixture<M>>>
  /** What those of `resources` hold that can act: `{ 'assistant:scribe': { on: { 'project:web': 'project-editor' } } }`. */
  readonly agents?: { readonly [P in Place<M>]: HolderFixture<M> }
}

/** What `testEngine` starts from. */
export interface Fixtures<M extends Model = Model> {
  readonly model: M
  readonly organizations: Readonly<Record<string, OrganizationFixture<NoInfer<M>>>>
  /** Who issues the tokens. Default: an issuer of its own. */
  readonly issuer?: Issuer
  /** As `createAuthorizer` takes it: which agents may act for people. Default: none. */
  readonly agents?: AgentOptions
}
