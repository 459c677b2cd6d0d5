import { METHODS } from 'node:http'
import type { GuardedRoute, StandingGuard } from '@bailiwick/client'
import { demandOf } from '../middleware.js'
import { type RouteHandler, type RouterLike, readStack, routerOf } from './read-stack.js'

/** A route of an Express application. */
export interface ExpressRoute extends GuardedRoute {
  /** The path parameters, those of the mounts included. */
  readonly parameters: readonly string[]
  /** On the route itself and on the way to it, in the order in which a request meets them. */
  readonly guards: readonly StandingGuard[]
  /** An application mounted with `use`, which Express does not let anybody look into. */
  readonly mounted?: true
}

/**
 * The routes of an Express application or router, with what each demands before its handler runs.
 *
 * Only what is routed is listed: middleware that answers by itself, such as `express.static`, looks like any
 * other. An application inside an application is one entry; list it by itself.
 */
export function routesOf(app: unknown): readonly ExpressRoute[] {
  return walk(routerOf(app), { path: '', parameters: [], guardsFor: () => [] })
}

/** The way to a router. */
interface Mount {
  readonly path: string
  readonly parameters: readonly string[]
  /** The guards above that run for a path of this router. */
  readonly guardsFor: (path: string) => readonly StandingGuard[]
}

function walk(router: RouterLike, mount: Mount): readonly ExpressRoute[] {
  const routes: ExpressRoute[] = []
  const above: { readonly guard: StandingGuard; readonly runsFor: (path: string) => boolean }[] = []
  const seen = router.mergeParams === true ? mount.parameters : []
  for (const entry of readStack(router)) {
    const parameters = [...new Set([...mount.parameters, ...entry.parameters])]
    const visible = [...new Set([...seen, ...entry.parameters])]
    const guardsFor = (path: string) => [
      ...mount.guardsFor(path),
      ...above.filter(({ runsFor }) => runsFor(path)).map(({ guard }) => guard),
    ]
    if (entry.kind === 'route') {
      for (const { method, handlers } of methodsOf(entry.handlers)) {
        const own = guardsBeforeHandler(handlers, visible)
        const guards = [...guardsFor(entry.path), ...own]
        routes.push(routeFrom(method, join(mount.path, entry.path), parameters, guards))
      }
      continue
    }
    const requirement = demandOf(entry.handle)
    if (requirement !== undefined) {
      above.push({ guard: { requirement, parameters: visible }, runsFor: entry.runsFor })
    } else if (entry.router !== undefined) {
      const below = { path: join(mount.path, entry.path), parameters }
      // A router that takes `/ADMIN` for `/admin` gets there past a guard that does not.
      const isLooser = router.caseSensitive === true && entry.router.caseSensitive !== true
      const guardsBelow = (path: string) => guardsFor(isLooser ? entry.path : join(entry.path, path))
      routes.push(...walk(entry.router, { ...below, guardsFor: guardsBelow }))
    } else if (isMountedApplication(entry.handle)) {
      const path = join(mount.path, entry.path)
      routes.push({ ...routeFrom('*', join(path, '/*'), parameters, guardsFor(entry.path)), mounted: true })
    }
  }
  return routes
}

function routeFrom(
  method: string,
  path: string,
  parameters: readonly string[],
  guards: readonly StandingGuard[],
): ExpressRoute {
  return { method, path, parameters, guards, requirements: guards.map(({ requirement }) => requirement) }
}

/** The handlers that run for one method, in order. */
interface MethodHandlers {
  readonly method: string
  readonly handlers: readonly unknown[]
}

function methodsOf(handlers: readonly RouteHandler[]): readonly MethodHandlers[] {
  const answering = handlers.filter(({ handle }) => isHandler(handle))
  const names = [...new Set(answering.map(({ method }) => method?.toUpperCase() ?? '*'))]
  const methods = names.map((method) => ({
    method,
    handlers: handlers
      .filter((one) => one.method === undefined || one.method.toUpperCase() === method)
      .map(({ handle }) => handle),
  }))
  const [first] = methods
  // `app.all()` says the same thing for each of some thirty methods.
  if (first === undefined || !METHODS.every((name) => names.includes(name))) return methods
  return methods.every((one) => isSame(one.handlers, first.handlers)) ? [{ ...first, method: '*' }] : methods
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index])
}

/** A guard behind the handler guards nothing. What stands before the last handler may be a parser. */
function guardsBeforeHandler(
  handlers: readonly unknown[],
  parameters: readonly string[],
): readonly StandingGuard[] {
  return handlers.slice(0, handlers.findLastIndex(isHandler)).flatMap((handle) => {
    const requirement = demandOf(handle)
    return requirement === undefined ? [] : [{ requirement, parameters }]
  })
}

/** Neither a guard nor an error handler. */
function isHandler(handle: unknown): boolean {
  return typeof handle === 'function' && handle.length <= 3 && demandOf(handle) === undefined
}

function isMountedApplication(handle: unknown): boolean {
  return typeof handle === 'function' && handle.name === 'mounted_app'
}

function join(mount: string, path: string): string {
  return `${mount.replace(/\/$/, '')}${path === '/' && mount !== '' ? '' : path}` || '/'
}
