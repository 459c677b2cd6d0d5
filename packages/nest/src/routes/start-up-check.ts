import {
  checkAgainstModel,
  checkLocatorsFit,
  formatRoutes,
  type GuardedRoute,
  placeRequirement,
  type Requirement,
} from '@bailiwick/client'
import { isAuthorizationError, Misconfigured, nearestSlug, ResourceTypeUnknown } from '@bailiwick/core'
import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common'
import { demandOf } from '../decorators/demand.js'
import { type AuthorizationModuleOptions, authorizationOptions } from '../options.js'
import { type HandlerRoute, NestRoutes, type OtherEntry } from './nest-routes.js'

/**
 * Holds every route against the rules before the application takes a request, and prints the table
 * route → requirement. Refused are routes that do not say who may use them, permissions on a path with parameters
 * that do not say which resource they guard, locators for parameters that the path does not have, unknown
 * permissions, and entries that HTTP guards do not reach.
 */
@Injectable()
export class StartUpCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger('AuthorizationModule')

  constructor(
    @Inject(authorizationOptions) private readonly options: AuthorizationModuleOptions,
    @Inject(NestRoutes) private readonly routes: NestRoutes,
  ) {}

  /** @throws {Misconfigured} naming every route at fault and the line to add. */
  onApplicationBootstrap(): void {
    const faults: string[] = []
    this.checkLocators(faults)
    const table = this.routes.handlers().map((route) => this.check(route, faults))
    for (const entry of this.routes.others()) this.checkOther(entry, faults)
    if (faults.length > 0) {
      throw new Misconfigured(`this application is not guarded:\n- ${faults.join('\n- ')}`)
    }
    this.logger.log(`routes and what they demand:\n${formatRoutes(table)}`)
  }

  private checkLocators(faults: string[]): void {
    const { types } = this.options.authorizer.model
    for (const type of Object.keys(this.options.locators ?? {})) {
      if (!types.has(type))
        faults.push(new ResourceTypeUnknown(type, nearestSlug(type, types.keys())).message)
    }
  }

  private check(route: HandlerRoute, faults: string[]): GuardedRoute {
    const { method, path, parameters } = route
    const name = `${route.name} (${method} ${path})`
    const requirement = demandOf(route.controller, route.handler)
    if (requirement === undefined) {
      this.forgotten(
        `\`${name}\` does not say who may use it: add \`@RequirePermission(…)\`, \`@Authenticated()\`, or \`@Public()\` if anybody may`,
        faults,
      )
      return { method, path, requirements: [] }
    }
    return { method, path, requirements: [this.place(requirement, { name, parameters }, faults)] }
  }

  private place(
    requirement: Requirement,
    route: { readonly name: string; readonly parameters: readonly string[] },
    faults: string[],
  ): Requirement {
    const { authorizer, locators } = this.options
    try {
      checkAgainstModel(requirement, authorizer.model)
      const placed = placeRequirement(requirement, route, authorizer.model, locators)
      checkLocatorsFit(placed, route)
      return placed
    } catch (error) {
      if (!isAuthorizationError(error)) throw error
      faults.push(error.message.includes(route.name) ? error.message : `\`${route.name}\`: ${error.message}`)
      return requirement
    }
  }

  private checkOther({ holder, handler, name, kind }: OtherEntry, faults: string[]): void {
    const requirement = demandOf(holder, handler)
    if (requirement?.kind === 'public') return
    const message = `\`${name}\` is ${kind}, which cannot be guarded yet: say \`@Public()\` and check in the handler`
    // A permission that is written there and never asked is worse than none.
    if (requirement === undefined) this.forgotten(message, faults)
    else faults.push(message)
  }

  private forgotten(message: string, faults: string[]): void {
    const { unguarded = 'refuse' } = this.options
    if (unguarded === 'refuse') faults.push(message)
    if (unguarded === 'warn') this.logger.warn(message)
  }
}
