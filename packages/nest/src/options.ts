import type { Authorizer, LocatorsByType, ProblemOptions, TokenOptions, Unguarded } from '@bailiwick/client'

/** What `AuthorizationModule.forRoot` takes, and a factory of `forRootAsync` returns. */
export interface AuthorizationModuleOptions extends TokenOptions {
  readonly authorizer: Authorizer
  /**
   * Locators declared once, by the type of resource they find: a permission on that type then needs none of its
   * own on routes that have the parameter.
   *
   * @example
   * locators: { project: param('projectId') }
   */
  readonly locators?: LocatorsByType
  /** What happens at start to a route that does not say who may use it. Default `refuse`. */
  readonly unguarded?: Unguarded
  /** What refusals tell. */
  readonly problems?: ProblemOptions
}

// By name and not by identity, so that two copies of this package in one application find each other.
/** The injection token of the module's options. */
export const authorizationOptions: unique symbol = Symbol.for('bailiwick/nest/options')
