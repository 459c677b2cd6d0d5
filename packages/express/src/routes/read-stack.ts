import { pathParameters } from '@bailiwick/client'
import { alternativesOf, covers, isEverywhere, isExpression, type MountLayer } from './covers.js'

/** One handler of a route, for one method or (`undefined`) for all. */
export interface RouteHandler {
  readonly method: string | undefined
  readonly handle: unknown
}

/** An entry of a router's stack, read the same way from Express 4 and from every Express 5. */
export type StackEntry = {
  /** Relative to its router. `…` where Express does not tell. */
  readonly path: string
  readonly parameters: readonly string[]
} & (
  | { readonly kind: 'route'; readonly handlers: readonly RouteHandler[] }
  | {
      readonly kind: 'use'
      readonly handle: unknown
      /** The router mounted here, if it is one. */
      readonly router: RouterLike | undefined
      /** Whether it runs for every request that a route of this path (relative to the router) gets. */
      readonly runsFor: (path: string) => boolean
    }
)

/** An Express router, or an application seen as one. */
export interface RouterLike {
  readonly stack: readonly unknown[]
  readonly mergeParams?: boolean
  readonly caseSensitive?: boolean
}

/** The router of an application, or the router itself. */
export function routerOf(app: unknown): RouterLike {
  if (isRouter(app)) return app
  const { _router, lazyrouter } = app as { _router?: unknown; lazyrouter?: unknown }
  if (isRouter(_router)) return _router
  // Express 4 makes the router with the first route, and throws on `app.router`.
  if (typeof lazyrouter === 'function') return { stack: [] }
  const { router } = app as { router?: unknown }
  return isRouter(router) ? router : { stack: [] }
}

/** The stack of a router, in the order in which a request meets it. */
export function readStack(router: RouterLike): readonly StackEntry[] {
  return router.stack.flatMap((entry) => readLayer(entry as Layer))
}

interface Layer extends MountLayer {
  readonly handle: unknown
  readonly route?: { readonly path: unknown; readonly stack: readonly RouteHandler[] }
  /** Express 4. */
  readonly keys?: readonly { readonly name: string | number }[]
}

function readLayer(layer: Layer): readonly StackEntry[] {
  const { route, handle } = layer
  if (route !== undefined) {
    return each(route.path).map((path) => ({ kind: 'route', ...shown(path), handlers: route.stack }))
  }
  const runsFor = (path: string) => covers(layer, path)
  const router = isRouter(handle) ? handle : undefined
  return each(mountPath(layer)).map((path) => ({ kind: 'use', ...shown(path), handle, router, runsFor }))
}

function isRouter(value: unknown): value is RouterLike {
  const holds = typeof value === 'function' || (typeof value === 'object' && value !== null)
  return holds && Array.isArray((value as { stack?: unknown }).stack)
}

function each(path: unknown): readonly unknown[] {
  return Array.isArray(path) ? path.flat(Number.POSITIVE_INFINITY) : [path]
}

function shown(path: unknown): { readonly path: string; readonly parameters: readonly string[] } {
  if (typeof path === 'string') return { path, parameters: pathParameters(path) }
  if (path instanceof RegExp) return { path: String(path), parameters: ['*'] }
  return { path: '…', parameters: [] }
}

function mountPath(layer: Layer): unknown {
  if (isEverywhere(layer)) return '/'
  const { rawPath, regexp, keys = [] } = layer
  if (rawPath !== undefined) return rawPath
  if (regexp === undefined || isExpression(layer)) return regexp
  const names = keys.map(({ name }) => (typeof name === 'number' ? '*' : `:${name}`))
  return alternativesOf(regexp).map((source) => unparse(source, names))
}

/** The path that Express 4 has compiled into a mount's expression. @param names - Taken from as they are met. */
function unparse(source: string, names: string[]): string {
  return source
    .replace(/^\^/, '')
    .replace(/\\\/\?\(\?=\\\/\|\$\)$/, '')
    .replaceAll(
      /\(\?:\\\/\(\[\^\\?\/\]\+\?\)\)(\??)/g,
      (_, optional) => `/${names.shift() ?? '*'}${optional}`,
    )
    .replaceAll(/\\(.)/g, '$1')
}
