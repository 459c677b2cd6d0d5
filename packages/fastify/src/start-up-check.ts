import { type Authorizer, permissionsOf, placeGuards, type Unguarded } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import type { FastifyRoute } from './routes.js'

/** How strictly the routes are read. */
export interface StartUpOptions {
  readonly unguarded?: Unguarded
  /** Names of routes that need no guard. */
  readonly open?: readonly string[]
  /** Whether the application has a route, also one that the plugin has not seen. */
  readonly hasRoute: (method: string, path: string) => boolean
  readonly warn: (message: string) => void
}

/**
 * Hold every route against the rules, once they are all there.
 *
 * @throws {Misconfigured} naming every route at fault and the line to add.
 */
export function checkRoutes(
  routes: readonly FastifyRoute[],
  { model }: Authorizer,
  { unguarded = 'refuse', open = [], hasRoute, warn }: StartUpOptions,
): void {
  const faults: string[] = []
  for (const route of routes) {
    const name = nameOf(route)
    if (route.guards.length === 0 && !open.includes(name)) {
      if (unguarded === 'refuse') faults.push(forgotten(name))
      if (unguarded === 'warn') warn(forgotten(name))
    }
    if (route.beforeBody.some((requirement) => permissionsOf(requirement).some(readsBody))) {
      faults.push(
        `\`${name}\` is guarded before its body is read: put the guard into \`preValidation\` or \`preHandler\``,
      )
    }
    faults.push(...placeGuards({ name, parameters: route.parameters }, route.guards, model).faults)
  }
  for (const name of open) {
    const [method = '', path = ''] = name.split(' ')
    if (!hasRoute(method, path)) faults.push(`\`${name}\` is said to be open, and is no route`)
  }
  if (faults.length > 0) throw new Misconfigured(`this application is not guarded:\n- ${faults.join('\n- ')}`)
}

function readsBody({ resource }: ReturnType<typeof permissionsOf>[number]): boolean {
  return (
    typeof resource === 'object' && (resource.source === 'body' || resource.organization?.source === 'body')
  )
}

function forgotten(name: string): string {
  return `\`${name}\` has no guard: add \`preHandler: requirePermission(…)\`, \`requireSession()\`, or \`open()\` if anybody may`
}

function nameOf({ method, path }: FastifyRoute): string {
  return `${method} ${path}`
}
