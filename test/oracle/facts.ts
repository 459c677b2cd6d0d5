import type {
  AssignmentId,
  DirectorySource,
  ExclusionId,
  GroupId,
  MappingId,
  MembershipId,
  MembershipStatus,
  ModelDefinition,
  OrganizationId,
  ResourceId,
  RoleMode,
  SubjectKey,
} from '@bailiwick/core'

export interface TypeFact {
  readonly slug: string
  readonly parents: readonly string[]
  readonly agent: boolean
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
  /** Its own, sorted: chosen by hand, or the default role. */
  readonly roles: readonly string[]
  /** As last told by the identity provider, sorted; `null` where it never told. */
  readonly directoryGroups: Readonly<Record<DirectorySource, readonly string[] | null>>
  /** Somebody chose the roles after the identity provider had told last. */
  readonly isChosenSince: boolean
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

export interface GroupFact {
  readonly id: GroupId
  readonly organizationId: OrganizationId
  readonly name: string
  readonly members: readonly MembershipId[]
}

export interface AssignmentFact {
  readonly id: AssignmentId
  readonly organizationId: OrganizationId
  readonly subject: SubjectKey
  readonly role: string
  readonly resourceId: ResourceId
}

/** A role of one organization. */
export interface OwnRoleFact extends RoleFact {
  readonly organizationId: OrganizationId
}

/** What an organization with roles of its own says of their order. */
export interface RoleOrderFact {
  readonly organizationId: OrganizationId
  readonly defaultRole: string | undefined
  readonly priority: readonly string[]
}

export interface MappingFact {
  readonly id: MappingId
  readonly organizationId: OrganizationId
  readonly directoryGroup: string
  readonly role: string
  readonly resourceId: ResourceId
}

export interface ExclusionFact {
  readonly id: ExclusionId
  readonly organizationId: OrganizationId
  readonly subject: SubjectKey
  readonly effect: 'deny' | 'allow'
  readonly permission: string
  readonly resourceId: ResourceId
}

/** All that is true at one moment, as plain lists: no index, nothing derived. */
export interface Facts {
  readonly types: readonly TypeFact[]
  readonly permissions: readonly PermissionFact[]
  readonly roles: readonly RoleFact[]
  readonly defaultRole: string | undefined
  readonly roleMode: RoleMode
  /** As the model names them, which may be some only. */
  readonly rolePriority: readonly string[]
  readonly organizations: readonly OrganizationFact[]
  readonly memberships: readonly MembershipFact[]
  readonly resources: readonly ResourceFact[]
  readonly groups: readonly GroupFact[]
  readonly assignments: readonly AssignmentFact[]
  readonly ownRoles: readonly OwnRoleFact[]
  readonly roleOrders: readonly RoleOrderFact[]
  readonly mappings: readonly MappingFact[]
  readonly exclusions: readonly ExclusionFact[]
}

/** A model and nothing else: no organization exists yet. */
export function factsOf(model: ModelDefinition): Facts {
  return {
    ...modelFacts(model),
    organizations: [],
    memberships: [],
    resources: [],
    groups: [],
    assignments: [],
    ownRoles: [],
    roleOrders: [],
    mappings: [],
    exclusions: [],
  }
}

/** The same world under another model. Whether that may be done is the caller's question. */
export function withModel(facts: Facts, model: ModelDefinition): Facts {
  const next = { ...facts, ...modelFacts(model) }
  // A permission that goes is lost by every role; a role that goes has no place in any order.
  return {
    ...next,
    ownRoles: next.ownRoles.map((role) => ({
      ...role,
      permissions: role.permissions.filter((slug) => Object.hasOwn(model.permissions, slug)),
    })),
    roleOrders: next.roleOrders.map((order) => ({
      ...order,
      priority: order.priority.filter(
        (slug) => Object.hasOwn(model.roles, slug) || next.ownRoles.some((role) => role.slug === slug),
      ),
    })),
  }
}

type ModelFacts = Pick<Facts, 'types' | 'permissions' | 'roles' | 'defaultRole' | 'roleMode' | 'rolePriority'>

function modelFacts(model: ModelDefinition): ModelFacts {
  return {
    types: [
      { slug: 'organization', parents: [], agent: false },
      ...Object.entries(model.resourceTypes).map(([slug, { parents, agent }]) => ({
        slug,
        parents,
        agent: agent ?? false,
      })),
    ],
    permissions: Object.entries(model.permissions).map(([slug, permission]) => ({
      slug,
      on: typeof permission === 'string' ? permission : permission.on,
    })),
    roles: Object.entries(model.roles).map(([slug, { on, permissions }]) => ({ slug, on, permissions })),
    defaultRole: model.defaultRole,
    roleMode: model.roleMode ?? 'multiple',
    rolePriority: model.rolePriority ?? [],
  }
}
