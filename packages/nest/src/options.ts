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
  /**
   * Where the token of a message is, for handlers of `@nestjs/microservices`: every transport has a place of its own
   * for it, and some have none but the message.
   *
   * @param data - The payload. @param context - What the transport knows: `NatsContext`, the metadata of gRPC …
   *
   * @example
   * messageToken: (_data, context: NatsContext) => context.getHeaders()?.get('authorization')
   */
  readonly messageToken?: (
    data: unknown,
    context: unknown,
  ) => string | undefined | Promise<string | undefined>
  /**
   * A page at `/__authz` with all routes and what they demand, the last hundred decisions, and why: at this machine
   * only, and never where `NODE_ENV` is `production`. Default `false`.
   */
  readonly developmentPage?: boolean
  /** What refusals tell. */
  readonly problems?: ProblemOptions
}

// By name and not by identity, so that two copies of this package in one application find each other.
/** The injection token of the module's options. */
export const authorizationOptions: unique symbol = Symbol.for('bailiwick/nest/options')
