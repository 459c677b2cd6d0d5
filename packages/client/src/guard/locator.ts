import type { ResourceTypeSlug } from '@bailiwick/core'
import type { Target } from '../target.js'
import type { RequestView } from './request-view.js'

/** The parts of a request, or of another call, that a locator reads. */
export type LocatorSource = 'param' | 'body' | 'query' | 'header' | 'arg' | 'parent'

/** One field of a request that holds an id: plain data, so that it can be listed and checked at start. */
export interface FieldLocator<
  Source extends LocatorSource = LocatorSource,
  Type extends ResourceTypeSlug = ResourceTypeSlug,
> extends LocatorOptions<Type> {
  readonly source: Source
  readonly name: string
}

/** How to read the id that a locator finds. */
export interface LocatorOptions<Type extends ResourceTypeSlug = ResourceTypeSlug> {
  /** The type of the resource. Default: the type that the permission belongs to. */
  readonly type?: Type
  /** The application's own id of the resource, or ours (`authz_resource_…`). Default `externalId`. */
  readonly as?: 'externalId' | 'id'
  /**
   * Where the request names the organization that the handler loads the resource from. Another one than the
   * session's is a denial; the same one lets the token answer without the engine.
   */
  readonly organization?: FieldLocator
}

/** Finds the resource in a way of its own. Returning nothing is a 400; a rejection is passed on as it is. */
export type LocatorFunction<Native = unknown> = (
  request: RequestView<Native>,
) => Target | undefined | Promise<Target | undefined>

/** Says which resource a request is about. */
export type Locator<Native = unknown, Type extends ResourceTypeSlug = ResourceTypeSlug> =
  | FieldLocator<LocatorSource, Type>
  | LocatorFunction<Native>

/**
 * The resource named by a path parameter.
 *
 * @example
 * requirePermission('project:edit', { resource: param('id') }) // on /projects/:id
 */
export function param<const Type extends ResourceTypeSlug = never>(
  name: string,
  options: LocatorOptions<Type> = {},
): FieldLocator<'param', NoInfer<Type>> {
  return { ...options, source: 'param', name }
}

/** The resource named by a field of the body, which a body parser must have read before the guard runs. */
export function body<const Type extends ResourceTypeSlug = never>(
  name: string,
  options: LocatorOptions<Type> = {},
): FieldLocator<'body', NoInfer<Type>> {
  return { ...options, source: 'body', name }
}

/** The resource named by a query parameter, which must be there exactly once. */
export function query<const Type extends ResourceTypeSlug = never>(
  name: string,
  options: LocatorOptions<Type> = {},
): FieldLocator<'query', NoInfer<Type>> {
  return { ...options, source: 'query', name }
}

/** The resource named by a header, which must be there exactly once. */
export function header<const Type extends ResourceTypeSlug = never>(
  name: string,
  options: LocatorOptions<Type> = {},
): FieldLocator<'header', NoInfer<Type>> {
  return { ...options, source: 'header', name: name.toLowerCase() }
}

/**
 * The resource named by an argument: of a GraphQL field, or a field of a message. A dot leads into an input object.
 *
 * @example
 * @Mutation(() => Project)
 * @RequirePermission('project:edit', { resource: arg('input.projectId') })
 */
export function arg<const Type extends ResourceTypeSlug = never>(
  name: string,
  options: LocatorOptions<Type> = {},
): FieldLocator<'arg', NoInfer<Type>> {
  return { ...options, source: 'arg', name }
}

/** The resource named by a field of the object whose field a GraphQL field resolver resolves. */
export function parent<const Type extends ResourceTypeSlug = never>(
  name: string,
  options: LocatorOptions<Type> = {},
): FieldLocator<'parent', NoInfer<Type>> {
  return { ...options, source: 'parent', name }
}

/** Whether a value is what one of these functions yields, or a locator function. */
export function isLocator(value: unknown): value is Locator {
  if (typeof value === 'function') return true
  if (typeof value !== 'object' || value === null) return false
  const { source, name } = value as Partial<FieldLocator>
  return sources.has(source) && typeof name === 'string'
}

const sources: ReadonlySet<unknown> = new Set<LocatorSource>([
  'param',
  'body',
  'query',
  'header',
  'arg',
  'parent',
])

/** A locator as messages and route tables show it: `param('id')`. */
export function shownLocator(locator: Locator<never>): string {
  return typeof locator === 'function'
    ? locator.name || 'a locator function'
    : `${locator.source}('${locator.name}')`
}
