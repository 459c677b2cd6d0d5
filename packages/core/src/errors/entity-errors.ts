import type { OrganizationId, ResourceId } from '../ids.js'
import { AuthorizationError } from './authorization-error.js'
import { shown } from './input-errors.js'

/** The nouns that a command can fail to find. */
export type EntityNoun = 'organization' | 'membership' | 'resource' | 'assignment'

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

/** An id, or an external id within its type, is already taken. */
export class EntityExists extends AuthorizationError<`${Exclude<EntityNoun, 'assignment'>}_exists`> {
  override readonly name = 'EntityExists'
  override readonly kind = 'conflict'

  constructor(
    readonly noun: Exclude<EntityNoun, 'assignment'>,
    readonly ref: string,
  ) {
    super(`${noun}_exists`, `${noun} ${shown(ref)} exists already`)
  }
}

/** A resource that still has children or assignments was deleted without `cascade`. */
export class ResourceHasDependents extends AuthorizationError<'resource_has_dependents'> {
  override readonly name = 'ResourceHasDependents'
  override readonly kind = 'conflict'

  constructor(
    readonly resource: ResourceId,
    readonly children: number,
    readonly assignments: number,
  ) {
    super(
      'resource_has_dependents',
      `resource \`${resource}\` has ${children} children and ${assignments} assignments; delete them first, or pass \`cascade: true\``,
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
