import { AuthorizationError } from './authorization-error.js'
import { shown } from './input-errors.js'

/** A model breaks one of its rules. `slug` is the type, permission or role at fault. */
export class ModelInvalid extends AuthorizationError<'model_invalid'> {
  override readonly name = 'ModelInvalid'
  override readonly kind = 'misconfigured'

  constructor(
    readonly slug: string,
    readonly rule: string,
  ) {
    super('model_invalid', `model: ${shown(slug)} ${rule}`)
  }
}

/** What in the store still depends on a part of the model that the new model no longer has. */
export interface ModelBlocker {
  readonly part: 'resource_type' | 'parent' | 'agent' | 'permission' | 'role'
  readonly slug: string
  readonly dependents: number
  readonly remedy: string
}

/** The store holds data that the new model would orphan. Nothing was changed. */
export class ModelChangeRefused extends AuthorizationError<'model_change_refused'> {
  override readonly name = 'ModelChangeRefused'
  override readonly kind = 'conflict'

  constructor(readonly blockers: readonly ModelBlocker[]) {
    super(
      'model_change_refused',
      `the model was not changed: ${blockers.map((blocker) => blocker.remedy).join('; ')}`,
    )
  }
}

/** The model has no such permission; a typo is answered with the slug that was probably meant. */
export class PermissionUnknown extends AuthorizationError<'permission_unknown'> {
  override readonly name = 'PermissionUnknown'
  override readonly kind = 'misconfigured'

  constructor(
    readonly permission: string,
    readonly nearest: string | undefined,
  ) {
    super('permission_unknown', `the model has no permission ${shown(permission)}${didYouMean(nearest)}`)
  }
}

/** The model has no such role. */
export class RoleUnknown extends AuthorizationError<'role_unknown'> {
  override readonly name = 'RoleUnknown'
  override readonly kind = 'invalid'

  constructor(
    readonly role: string,
    readonly nearest: string | undefined,
  ) {
    super('role_unknown', `the model has no role ${shown(role)}${didYouMean(nearest)}`)
  }
}

/** The model has no such resource type. */
export class ResourceTypeUnknown extends AuthorizationError<'resource_type_unknown'> {
  override readonly name = 'ResourceTypeUnknown'
  override readonly kind = 'invalid'

  constructor(
    readonly type: string,
    readonly nearest: string | undefined,
  ) {
    super('resource_type_unknown', `the model has no resource type ${shown(type)}${didYouMean(nearest)}`)
  }
}

function didYouMean(nearest: string | undefined): string {
  return nearest === undefined ? '' : `; did you mean \`${nearest}\`?`
}
