import type { MembershipId, ModelDefinition, OrganizationId } from '@bailiwick/core'

/** Facts in no engine's form: ours is led to them through its port, SpiceDB by a schema and relationships. */
export interface World {
  readonly model: ModelDefinition
  readonly organizations: readonly OrganizationFacts[]
}

/** One organization and everything in it. */
export interface OrganizationFacts {
  readonly id: OrganizationId
  /** Its own roles, slug `org-…`: another organization may have others under the same slugs. */
  readonly roles: readonly OwnRole[]
  /** Without the root; parents before what lies below them. */
  readonly resources: readonly PlacedResource[]
  readonly memberships: readonly MembershipFacts[]
  readonly groups: readonly GroupFacts[]
  readonly assignments: readonly AssignmentFacts[]
  readonly exclusions: readonly ExclusionFacts[]
  /** Below the organization only: there they always add. */
  readonly mappings: readonly MappingFacts[]
}

export interface OwnRole {
  readonly slug: string
  readonly on: string
  readonly permissions: readonly string[]
}

/** A resource as everybody can name it. The root's external id is the organization's id. */
export interface ResourceName {
  readonly organization: OrganizationId
  readonly type: string
  readonly externalId: string
}

export interface PlacedResource {
  readonly name: ResourceName
  readonly parent: ResourceName
}

export interface MembershipFacts {
  readonly id: MembershipId
  readonly active: boolean
  /** Organization-level. */
  readonly roles: readonly string[]
  /** What the identity provider told. */
  readonly directoryGroups: readonly string[]
}

/** Names of groups are unique over the world. */
export interface GroupFacts {
  readonly name: string
  readonly members: readonly MembershipId[]
}

/** Who holds something, or asks. */
export type Subject =
  | { readonly kind: 'membership'; readonly id: MembershipId }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'agent'; readonly resource: ResourceName }

export interface AssignmentFacts {
  readonly subject: Subject
  readonly role: string
  readonly on: ResourceName
}

export interface ExclusionFacts {
  readonly subject: Subject
  readonly effect: 'deny' | 'allow'
  readonly permission: string
  readonly on: ResourceName
}

export interface MappingFacts {
  readonly directoryGroup: string
  readonly role: string
  readonly on: ResourceName
}

/** The root resource of an organization. */
export function rootOf(organization: OrganizationId): ResourceName {
  return { organization, type: 'organization', externalId: organization }
}

/** A name as one string, for look-ups and for answers. */
export function keyOf({ organization, type, externalId }: ResourceName): string {
  return `${organization} ${type} ${externalId}`
}

/** The slugs of the types whose resources can act. */
export function agentTypes({ resourceTypes }: ModelDefinition): readonly string[] {
  return Object.entries(resourceTypes)
    .filter(([, { agent }]) => agent === true)
    .map(([slug]) => slug)
}

/** What a role holds, the organization's own roles included. */
export function permissionsOf(
  model: ModelDefinition,
  { roles }: Pick<OrganizationFacts, 'roles'>,
  role: string,
): readonly string[] {
  const own = roles.find(({ slug }) => slug === role)
  return (own ?? model.roles[role])?.permissions ?? []
}
