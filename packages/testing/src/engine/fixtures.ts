import type { MembershipStatus, Model } from '@bailiwick/core'
import type { Issuer } from '../issuer/create-issuer.js'

type TypeOf<M extends Model> = Exclude<M['shape']['type'], 'organization'>
type Roles<M extends Model> = M['shape']['roles']

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

/** Somebody in one organization, with what is held there. */
export interface PersonFixture<M extends Model = Model> {
  /** Organization-level roles. Default none, also where the model has a default role. */
  readonly roles?: readonly RoleOn<M, 'organization'>[]
  /** Roles on resources: `{ 'project:web': 'project-editor' }`. */
  readonly on?: {
    readonly [Type in TypeOf<M> as `${Type}:${string}`]: RoleOn<M, Type> | readonly RoleOn<M, Type>[]
  }
  /** Default `active`. */
  readonly status?: MembershipStatus
}

/** One organization. Names are what a test calls them; ids are made of them. */
export interface OrganizationFixture<M extends Model = Model> {
  readonly resources?: ResourceTree<M> | readonly ListedResource<M>[]
  /** By name. The same name in another organization is the same user there. */
  readonly people?: Readonly<Record<string, PersonFixture<M>>>
}

/** What `testEngine` starts from. */
export interface Fixtures<M extends Model = Model> {
  readonly model: M
  readonly organizations: Readonly<Record<string, OrganizationFixture<NoInfer<M>>>>
  /** Who issues the tokens. Default: an issuer of its own. */
  readonly issuer?: Issuer
}
