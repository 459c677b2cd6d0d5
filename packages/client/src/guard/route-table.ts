import { type Requirement, shownRequirement } from './requirement.js'

/** A route and what it demands; more than one requirement must all be met, none means that nobody has said. */
export interface GuardedRoute {
  /** Upper-case; `*` is every method. */
  readonly method: string
  readonly path: string
  readonly requirements: readonly Requirement[]
}

/** The table route → requirement, one aligned line each, for the start-up log. */
export function formatRoutes(routes: readonly GuardedRoute[]): string {
  const width = (column: (route: GuardedRoute) => string) =>
    Math.max(0, ...routes.map((route) => column(route).length))
  const methods = width((route) => route.method)
  const paths = width((route) => route.path)
  return routes
    .map((route) => `${route.method.padEnd(methods)}  ${route.path.padEnd(paths)}  ${shownDemands(route)}`)
    .join('\n')
}

/** What a route demands, as one line. */
export function shownDemands({ requirements }: GuardedRoute): string {
  return requirements.length === 0 ? 'UNGUARDED' : requirements.map(shownRequirement).join(' and ')
}

/** What happens to a route that demands nothing and does not say so either. */
export type Unguarded = 'refuse' | 'warn' | 'allow'
