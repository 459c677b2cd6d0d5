import type {
  AssignmentId,
  MembershipId,
  MembershipStatus,
  ModelDefinition,
  OrganizationId,
  ResourceId,
} from '@bailiwick/core'

export interface TypeFact {
  readonly slug: string
  readonly parents: readonly string[]
}

export interface PermissionFact {
  readonly slug: string
  readonly on: string
}

export interface RoleFact {
  readonly slug: string
  readonly on: string
  readonly permissions: readonly string[]
}

export interface OrganizationFact {
  readonly id: OrganizationId
  readonly externalId: string | undefined
}

export interface MembershipFact {
  readonly id: MembershipId
  readonly organizationId: OrganizationId
  readonly userId: string
  readonly status: MembershipStatus
  readonly roles: readonly string[]
}

export interface ResourceFact {
  readonly id: ResourceId
  readonly organizationId: OrganizationId
  readonly type: string
  readonly externalId: string
  readonly name: string
  /** The root of an organization alone has none. */
  readonly parentId: ResourceId | undefined
}

export interface AssignmentFact {
  readonly id: AssignmentId
  readonly organizationId: OrganizationId
  readonly membershipId: MembershipId
  readonly role: string
  readonly resourceId: ResourceId
}

/** All that is true at one moment, as plain lists: no index, no cache, nothing derived. */
export interface Facts {
  readonly types: readonly TypeFact[]
  readonly permissions: readonly PermissionFact[]
  readonly roles: readonly RoleFact[]
  readonly defaultRole: string | undefined
  readonly organizations: readonly OrganizationFact[]
  readonly memberships: readonly MembershipFact[]
  readonly resources: readonly ResourceFact[]
  readonly assignments: readonly AssignmentFact[]
}

/** A model and nothing else: no organization exists yet. */
export function factsOf(model: ModelDefinition): Facts {
  return { ...modelFacts(model), organizations: [], memberships: [], resources: [], assignments: [] }
}

/** The same world under another model. Whether that may be done is the caller's question. */
export function withModel(facts: Facts, model: ModelDefinition): Facts {
  return { ...facts, ...modelFacts(model) }
}

type ModelFacts = Pick<Facts, 'types' | 'permissions' | 'roles' | 'defaultRole'>

function modelFacts(model: ModelDefinition): ModelFacts {
  return {
    types: [
      { slug: 'organization', parents: [] },
      ...Object.entries(model.resourceTypes).map(([slug, { parents }]) => ({ slug, parents })),
    ],
    permissions: Object.entries(model.permissions).map(([slug, permission]) => ({
      slug,
      on: typeof permission === 'string' ? permission : permission.on,
    })),
    roles: Object.entries(model.roles).map(([slug, { on, permissions }]) => ({ slug, on, permissions })),
    defaultRole: model.defaultRole,
  }
}
