import { type GuardedRoute, pathParameters, type Requirement, type StandingGuard } from '@bailiwick/client'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { demandOf } from './guard.js'

/** A route of a Fastify application. */
export interface FastifyRoute extends GuardedRoute {
  readonly parameters: readonly string[]
  /** On the route itself and on the instances around it, in the order in which a request meets them. */
  readonly guards: readonly StandingGuard[]
  /** The demands among them that stand before the body is read. */
  readonly beforeBody: readonly Requirement[]
}

/** A route as Fastify tells of it, with the instance that it is registered on. */
export interface RegisteredRoute {
  readonly instance: FastifyInstance
  readonly options: RouteOptions & { readonly path?: string; readonly method: string | readonly string[] }
}

// In the order in which they run; what stands in later hooks runs after the handler. A guard in `preParsing` would be
// called with the body in the place of `done`, and fail: it counts for nothing.
const hooksBefore = ['onRequest', 'preValidation', 'preHandler'] as const

/** The routes, with what each demands before its handler runs. Known once the application is ready. */
export function routesFrom(registered: readonly RegisteredRoute[]): readonly FastifyRoute[] {
  return registered
    .filter((route) => !isOwnHead(route, registered))
    .flatMap(({ instance, options }) => {
      const parameters = pathParameters(options.url)
      const standing = hooksBefore.flatMap((name) =>
        [...listOf(instanceHooks(instance)[name]), ...listOf(options[name])].flatMap((hook) => {
          const requirement = demandOf(hook)
          return requirement === undefined ? [] : [{ requirement, hook: name }]
        }),
      )
      const requirements = standing.map(({ requirement }) => requirement)
      const beforeBody = standing
        .filter(({ hook }) => hook === 'onRequest')
        .map(({ requirement }) => requirement)
      const guards = requirements.map((requirement) => ({ requirement, parameters }))
      return methodsOf(options).map((method) => ({
        method,
        path: options.url,
        parameters,
        requirements,
        guards,
        beforeBody,
      }))
    })
}

/** Fastify adds HEAD to each GET, with the same hooks: one line for both. */
function isOwnHead({ instance, options }: RegisteredRoute, all: readonly RegisteredRoute[]): boolean {
  return (
    options.method === 'HEAD' &&
    all.some(
      (other) =>
        other.instance === instance &&
        other.options.url === options.url &&
        other.options.handler === options.handler &&
        methodsOf(other.options).includes('GET') &&
        hooksBefore.every((name) => isSame(listOf(options[name]), listOf(other.options[name]))),
    )
  )
}

/**
 * The hooks of an instance, those of the instances around it included. Fastify keeps them behind a symbol; where it
 * is not found, only guards on routes count, and a route behind others is refused instead of believed.
 */
function instanceHooks(instance: FastifyInstance): Readonly<Record<string, unknown>> {
  const key = Object.getOwnPropertySymbols(instance).find(
    ({ description }) => description === 'fastify.hooks',
  )
  return key === undefined
    ? {}
    : ((instance as unknown as Record<symbol, Record<string, unknown>>)[key] ?? {})
}

/** The methods of a route: one, or several that share all else. */
export function methodsOf({
  method,
}: {
  readonly method: string | readonly string[] | undefined
}): readonly string[] {
  if (method === undefined) return []
  return typeof method === 'string' ? [method] : method
}

function listOf(hooks: unknown): readonly unknown[] {
  if (hooks === undefined || hooks === null) return []
  return Array.isArray(hooks) ? hooks : [hooks]
}

function isSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((one, index) => one === others[index])
}
