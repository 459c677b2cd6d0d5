import { type Authorizer, placeGuards, type Unguarded } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import { type HonoApplication, type HonoRoute, routesOf } from './routes-of.js'

/** How strictly `assertGuarded` reads an application. */
export interface AssertGuardedOptions {
  /** What to do about a route without a guard that is not marked `open()` either. Default `refuse`. */
  readonly unguarded?: Unguarded
  /** Where a warning goes. Default `console.warn`. */
  readonly warn?: (message: string) => void
}

/**
 * Hold every route of an application against the rules at start, once they are all there: Hono itself has no such
 * moment. Refused are routes without a guard, guards on a path with parameters that do not say which resource they
 * guard, locators for parameters that the path does not have, and unknown permissions.
 *
 * @returns The routes, with every permission placed: print them with `formatRoutes`.
 * @throws {Misconfigured} naming every route at fault and the line to add.
 *
 * @example
 * assertGuarded(app, authz)
 * serve(app)
 */
export function assertGuarded(
  app: HonoApplication,
  { model }: Authorizer,
  options: AssertGuardedOptions = {},
): readonly HonoRoute[] {
  const { unguarded = 'refuse', warn = console.warn } = options
  const faults: string[] = []
  const routes = routesOf(app).map((route) => {
    const name = `${route.method} ${route.path}`
    if (route.guards.length === 0) {
      if (unguarded === 'refuse') faults.push(forgotten(name))
      if (unguarded === 'warn') warn(forgotten(name))
    }
    const placed = placeGuards({ name, parameters: route.parameters }, route.guards, model)
    faults.push(...placed.faults)
    return { ...route, requirements: placed.requirements }
  })
  if (faults.length > 0) throw new Misconfigured(`this application is not guarded:\n- ${faults.join('\n- ')}`)
  return routes
}

function forgotten(name: string): string {
  return `\`${name}\` has no guard before its handler: add \`requirePermission(…)\`, \`requireSession()\`, or \`open()\` if anybody may`
}
