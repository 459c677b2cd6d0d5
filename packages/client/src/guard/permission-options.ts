import type { Permission, ResourceTypeSlug, StepUp, TypeOfPermission, TypesAlong } from '@bailiwick/core'
import type { Locator } from './locator.js'

/** How a permission is asked, whatever it is asked on. */
export interface PermissionFlags {
  /** Ask the engine, whatever the token says: a revocation holds at the very next request. Default `false`. */
  readonly fresh?: boolean
  /**
   * The handler loads the resource by the session's organization, so that the id of another organization's
   * resource finds nothing. Then a token that holds the permission answers without the engine. Default `false`.
   */
  readonly tenantScoped?: boolean
  /** Answer a denial as 404, so that the caller does not learn that there is such a resource. Default `false`. */
  readonly conceal?: boolean
  /**
   * How she must have signed in to use what she may: a session that lacks it is 401 with a challenge that says what to
   * ask the identity provider for (RFC 9470).
   */
  readonly stepUp?: StepUp
}

/** On what a permission is asked, said aloud. */
export type Placement<Native = unknown, Type extends ResourceTypeSlug = ResourceTypeSlug> =
  /** The resource that the locator finds. */
  | { readonly resource: Locator<Native, Type>; readonly scope?: never }
  /** The whole organization of the session: a role on one project does not satisfy it. */
  | { readonly resource?: never; readonly scope: 'organization' }

/** How a permission is asked of a request. */
export type PermissionOptions<
  Native = unknown,
  Type extends ResourceTypeSlug = ResourceTypeSlug,
> = PermissionFlags & (Placement<Native, Type> | { readonly resource?: never; readonly scope?: never })

/**
 * The arguments after a permission of type `Type`: a permission on a resource must say which one, or say
 * `scope: 'organization'`. Optional while no model is registered, when the type is just a string.
 */
export type PermissionArguments<Type extends string, Native = unknown> = string extends Type
  ? [options?: PermissionOptions<Native>]
  : [Type] extends ['organization']
    ? [options?: PermissionOptions<Native>]
    : [options: PermissionFlags & Placement<Native, TypesAlong<Type>>]

/** The options of a demand that may leave out on what: a permission's locator finds what that permission can be held on. */
export type OptionsOf<Term, Native = unknown> = PermissionOptions<
  Native,
  Term extends Permission ? TypesAlong<TypeOfPermission<Term>> : ResourceTypeSlug
>

/** `PermissionArguments` for a permission of the registered model. */
export type ArgumentsOf<P extends Permission, Native = unknown> = PermissionArguments<
  TypeOfPermission<P>,
  Native
>
