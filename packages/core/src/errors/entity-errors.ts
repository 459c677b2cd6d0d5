import type { GroupId, MappingId, OrganizationId, ResourceId } from '../ids.js'
import { AuthorizationError } from './authorization-error.js'
import { shown } from './input-errors.js'

/** The nouns that a command can fail to find. */
export type EntityNoun =
  | 'organization'
  | 'membership'
  | 'resource'
  | 'assignment'
  | 'group'
  | 'group_member'
  | 'role'
  | 'mapping'
  | 'exclusion'
  | 'agent'
  | 'user'
  | 'permission'
  | 'resource_type'

/**
 * Something named by a command does not exist in this organization. What exists in another organization is
 * answered the same way, so that nobody learns of it.
 */
export class EntityNotFound extends AuthorizationError<`${EntityNoun}_not_found`> {
  override readonly name = 'EntityNotFound'
  override readonly kind = 'not_found'

  constructor(
    readonly noun: EntityNoun,
    readonly ref: string,
  ) {
    super(`${noun}_not_found`, `there is no ${noun} ${shown(ref)}`)
  }
}

/** The nouns whose id or name can be taken. */
export type UniqueNoun =
  | 'organization'
  | 'membership'
  | 'resource'
  | 'role'
  | 'mapping'
  | 'user'
  | 'assignment'
  | 'permission'
  | 'resource_type'

/** An id, or an external id within its type, is already taken. */
export class EntityExists extends AuthorizationError<`${UniqueNoun}_exists`> {
  override readonly name = 'EntityExists'
  override readonly kind = 'conflict'

  constructor(
    readonly noun: UniqueNoun,
    readonly ref: string,
    /** Which of its fields is taken, where others name it too. */
    readonly field?: 'externalId' | 'email',
  ) {
    super(`${noun}_exists`, `${noun} ${shown(ref)} exists already`)
  }
}

/** A resource on which others still depend was deleted without `cascade`. */
export class ResourceHasDependents extends AuthorizationError<'resource_has_dependents'> {
  override readonly name = 'ResourceHasDependents'
  override readonly kind = 'conflict'

  constructor(
    readonly resource: ResourceId,
    /** Assignments and exclusions count where they hold on it, and where it holds them as an agent. */
    readonly dependents: {
      readonly children: number
      readonly assignments: number
      readonly mappings: number
      readonly exclusions: number
    },
  ) {
    const counts = Object.entries(dependents).filter(([, count]) => count > 0)
    super(
      'resource_has_dependents',
      `resource \`${resource}\` has ${counts.map(([what, count]) => `${count} ${what}`).join(', ')}; delete them first, or delete it with all below it (\`cascade\`)`,
    )
  }
}

/** A resource would come to lie under itself. */
export class ParentCycle extends AuthorizationError<'parent_cycle'> {
  override readonly name = 'ParentCycle'
  override readonly kind = 'conflict'

  constructor(
    readonly resource: ResourceId,
    readonly parent: ResourceId,
  ) {
    super('parent_cycle', `resource \`${resource}\` cannot move under its own descendant \`${parent}\``)
  }
}

/** The model does not let a resource of this type live under one of that type. */
export class ParentTypeNotAllowed extends AuthorizationError<'parent_type_not_allowed'> {
  override readonly name = 'ParentTypeNotAllowed'
  override readonly kind = 'invalid'

  constructor(
    readonly type: string,
    readonly parentType: string,
    readonly allowed: readonly string[],
  ) {
    super(
      'parent_type_not_allowed',
      `a \`${type}\` lives under ${allowed.map((slug) => `\`${slug}\``).join(' or ')}, not under a \`${parentType}\``,
    )
  }
}

/** The organization's own resource is made, renamed and deleted with the organization. */
export class RootResourceFixed extends AuthorizationError<'root_resource_fixed'> {
  override readonly name = 'RootResourceFixed'
  override readonly kind = 'invalid'

  constructor(readonly organization: OrganizationId) {
    super(
      'root_resource_fixed',
      `the root resource of \`${organization}\` cannot be created, changed or deleted on its own`,
    )
  }
}

/** A role was given on a resource of another type than the role's own. */
export class RoleTypeMismatch extends AuthorizationError<'role_type_mismatch'> {
  override readonly name = 'RoleTypeMismatch'
  override readonly kind = 'invalid'

  constructor(
    readonly role: string,
    readonly roleType: string,
    readonly resourceType: string,
  ) {
    super('role_type_mismatch', `role \`${role}\` is held on a \`${roleType}\`, not on a \`${resourceType}\``)
  }
}

/** An organization role is still held, mapped or the default; nothing was removed. */
export class RoleInUse extends AuthorizationError<'role_in_use'> {
  override readonly name = 'RoleInUse'
  override readonly kind = 'conflict'

  constructor(
    readonly role: string,
    readonly dependents: {
      readonly memberships: number
      readonly assignments: number
      readonly mappings: number
      readonly isDefault: boolean
    },
  ) {
    const { memberships, assignments, mappings, isDefault } = dependents
    super(
      'role_in_use',
      `role \`${role}\` is still held by ${memberships} memberships, in ${assignments} assignments and ${mappings} mappings${isDefault ? ', and is the default role' : ''}; take it back first`,
    )
  }
}

/** More than one organization-level role was given where the model counts one at a time. */
export class MultipleRolesNotEnabled extends AuthorizationError<'multiple_roles_not_enabled'> {
  override readonly name = 'MultipleRolesNotEnabled'
  override readonly kind = 'invalid'

  constructor(readonly roles: number) {
    super(
      'multiple_roles_not_enabled',
      `${roles} organization roles were given, and the model's \`roleMode\` is \`single\`: give one, or set it to \`multiple\``,
    )
  }
}

/** A role was to be taken from a membership that holds it only because a group does, one of ours or its provider's. */
export class HeldThroughGroup extends AuthorizationError<'held_through_group'> {
  override readonly name = 'HeldThroughGroup'
  override readonly kind = 'conflict'

  constructor(
    readonly role: string,
    /** The group, or the mapping of a group of the identity provider. */
    readonly through: GroupId | MappingId,
  ) {
    super(
      'held_through_group',
      `role \`${role}\` is held through \`${through}\`; take it from there, or the membership out of the group`,
    )
  }
}

/** Something was asked of an organization that has no roles of its own. */
export class NoOrganizationRoles extends AuthorizationError<'no_organization_roles'> {
  override readonly name = 'NoOrganizationRoles'
  override readonly kind = 'conflict'

  constructor(readonly organization: OrganizationId) {
    super(
      'no_organization_roles',
      `\`${organization}\` has no role of its own yet, so the model's default role and priority hold; create a role first`,
    )
  }
}
