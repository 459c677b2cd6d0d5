import { type Authorizer, placeGuards, type Unguarded } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import { type ExpressRoute, routesOf } from './routes-of.js'

/** How strictly `assertGuarded` reads an application. */
export interface AssertGuardedOptions {
  /** What to do about a route without a guard that is not marked `open()` either. Default `refuse`. */
  readonly unguarded?: Unguarded
  /** Where a warning goes. Default `console.warn`. */
  readonly warn?: (message: string) => void
}

/**
 * Hold every route of an application against the rules at start, once they are all there: Express itself has no
 * such moment. Refused are routes without a guard, guards on a path with parameters that do not say which
 * resource they guard, locators for parameters that the path does not have, and unknown permissions.
 *
 * @returns The routes, with every permission placed: print them with `formatRoutes`.
 * @throws {Misconfigured} naming every route at fault and the line to add.
 *
 * @example
 * assertGuarded(app, authz)
 * app.listen(3000)
 */
export function assertGuarded(
  app: unknown,
  authorizer: Authorizer,
  options: AssertGuardedOptions = {},
): readonly ExpressRoute[] {
  const { unguarded = 'refuse', warn = console.warn } = options
  const faults: string[] = []
  const routes = routesOf(app).map((route) => {
    if (route.guards.length === 0) {
      if (unguarded === 'refuse') faults.push(forgotten(route))
      if (unguarded === 'warn') warn(forgotten(route))
    }
    const { parameters, guards } = route
    const placed = placeGuards({ name: nameOf(route), parameters }, guards, authorizer.model)
    faults.push(...placed.faults)
    return { ...route, requirements: placed.requirements }
  })
  if (faults.length > 0) throw new Misconfigured(`this application is not guarded:\n- ${faults.join('\n- ')}`)
  return routes
}

function forgotten(route: ExpressRoute): string {
  const name = `\`${nameOf(route)}\``
  return route.mounted
    ? `${name} is an application of its own, which cannot be looked into: mount a \`Router\`, or say \`open()\` before it and call \`assertGuarded\` on it`
    : `${name} has no guard before its handler: add \`requirePermission(…)\`, \`requireSession()\`, or \`open()\` if anybody may`
}

function nameOf(route: ExpressRoute): string {
  return `${route.method} ${route.path}`
}
