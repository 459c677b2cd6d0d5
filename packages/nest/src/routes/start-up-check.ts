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
import { HttpAdapterHost } from '@nestjs/core'
import { AuthorizationGuard } from '../authorization-guard.js'
import { demandOf } from '../decorators/demand.js'
import { type AuthorizationModuleOptions, authorizationOptions } from '../options.js'
import { type HandlerRoute, NestRoutes } from './nest-routes.js'
import { OtherEntries } from './other-entries.js'

/**
 * Holds every route, resolver and message handler against the rules before the application takes a request, and
 * prints the table route → requirement. Refused is what does not say who may use it, permissions that do not say which
 * resource they guard, locators for what a call does not have, unknown permissions, and what the guard does not reach.
 */
@Injectable()
export class StartUpCheck implements OnApplicationBootstrap {
  private readonly logger = new Logger('AuthorizationModule')

  constructor(
    @Inject(authorizationOptions) private readonly options: AuthorizationModuleOptions,
    @Inject(NestRoutes) private readonly routes: NestRoutes,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(AuthorizationGuard) private readonly guard: AuthorizationGuard,
  ) {}

  /** @throws {Misconfigured} naming every route at fault and the line to add. */
  onApplicationBootstrap(): void {
    const faults: string[] = []
    this.checkLocators(faults)
    const table = this.routes.handlers().map((route) => this.check(route, faults))
    const { findsMessageTokens } = this.guard
    const others = new OtherEntries(this.options, this.routes, this.host.httpAdapter, findsMessageTokens)
    for (const entry of this.routes.others()) {
      const { fault, forgotten, row } = others.check(entry)
      if (fault !== undefined) faults.push(fault)
      if (forgotten !== undefined) this.forgotten(forgotten, faults)
      table.push(row)
    }
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

  private forgotten(message: string, faults: string[]): void {
    const { unguarded = 'refuse' } = this.options
    if (unguarded === 'refuse') faults.push(message)
    if (unguarded === 'warn') this.logger.warn(message)
  }
}
