import { type GuardedRoute, pathParameters, type StandingGuard } from '@bailiwick/client'
import type { Hono } from 'hono'
import { demandOf } from './middleware.js'

/** A route of a Hono application. */
export interface HonoRoute extends GuardedRoute {
  /** The path parameters; a wildcard counts under the name `*`. */
  readonly parameters: readonly string[]
  /** On the route itself and on the way to it, in the order in which a request meets them. */
  readonly guards: readonly StandingGuard[]
}

/** What is asked of an application: any `Hono`, whatever its types. */
export type HonoApplication = Pick<Hono, 'routes'>

type Entry = HonoApplication['routes'][number]

/**
 * The routes of a Hono application, with what each demands before its handler runs.
 *
 * Handlers are listed, which take the context alone. A function that also takes `next` is listed where nothing else
 * could answer, on one path and method; elsewhere it looks like any middleware, and so does what is mounted of other
 * frameworks.
 */
export function routesOf({ routes }: HonoApplication): readonly HonoRoute[] {
  return routes.flatMap((entry, at) => {
    if (!answers(entry, routes)) return []
    const guards = routes.slice(0, at).flatMap((before): readonly StandingGuard[] => {
      const requirement = demandOf(handlerOf(before))
      if (requirement === undefined || !runsFor(before, entry)) return []
      return [{ requirement, parameters: pathParameters(before.path).filter((name) => name !== '*') }]
    })
    return [
      {
        method: entry.method === 'ALL' ? '*' : entry.method,
        path: entry.path,
        parameters: pathParameters(entry.path),
        guards,
        requirements: guards.map(({ requirement }) => requirement),
      },
    ]
  })
}

/** The function itself, behind what Hono wraps around it in an application with an error handler of its own. */
function handlerOf({ handler }: { readonly handler: object }): Entry['handler'] {
  const { __COMPOSED_HANDLER: inner } = handler as { readonly __COMPOSED_HANDLER?: object }
  return inner === undefined ? (handler as Entry['handler']) : handlerOf({ handler: inner })
}

function answers(entry: Entry, routes: readonly Entry[]): boolean {
  if (demandOf(handlerOf(entry)) !== undefined) return false
  if (takesContextAlone(entry)) return true
  if (entry.method === 'ALL' || entry.path.includes('*')) return false
  const beside = routes.filter(
    (other) =>
      other.method === entry.method && other.path === entry.path && demandOf(handlerOf(other)) === undefined,
  )
  return !beside.some(takesContextAlone) && beside.at(-1) === entry
}

function takesContextAlone(entry: Entry): boolean {
  return handlerOf(entry).length <= 1
}

function runsFor(before: Entry, route: Entry): boolean {
  return (before.method === 'ALL' || before.method === route.method) && covers(before.path, route.path)
}

/**
 * Whether every path that `route` stands for is one that `before` stands for. Where a pattern is too free to tell, the
 * answer is no, and the guard must be said again on the route.
 */
function covers(before: string, route: string): boolean {
  if (before === route || before === '*' || before === '/*') return true
  const [wide, narrow] = [before.split('/'), route.split('/')]
  const open = wide.at(-1) === '*'
  const fixed = open ? wide.slice(0, -1) : wide
  // What a wildcard in the middle stands for depends on what comes after it.
  if (fixed.some((segment) => segment.includes('*'))) return false
  if (open ? narrow.length < fixed.length : narrow.length !== fixed.length) return false
  return fixed.every((segment, index) => {
    const other = narrow[index] as string
    if (segment === other) return !other.endsWith('?')
    // A pattern may reach over slashes, and take with it what a parameter behind it would have stood for.
    return isAnySegment(segment) && isOneSegment(other) && !hasPattern(fixed.slice(0, index))
  })
}

function hasPattern(segments: readonly string[]): boolean {
  return segments.some((segment) => segment.includes('{'))
}

function isAnySegment(segment: string): boolean {
  return /^:[^{}?]+$/.test(segment)
}

/** Neither optional nor a pattern that might reach over slashes; a `*` stands for any number of segments. */
function isOneSegment(segment: string): boolean {
  return segment !== '' && !/[*{}?]/.test(segment)
}
