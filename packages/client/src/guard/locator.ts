import type { MeantType, ResourceTypeSlug } from '@bailiwick/core'
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

/** A type that the model has: a mistyped one is said where it stands, and is no other mistake beside. */
type Known<Type extends string> = NoInfer<Extract<Type, ResourceTypeSlug>>

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
export function param<const Type extends string = never>(
  name: string,
  options: LocatorOptions<MeantType<Type>> = {},
): FieldLocator<'param', Known<Type>> {
  return locator<'param', Type>('param', name, options)
}

/** The resource named by a field of the body, which a body parser must have read before the guard runs. */
export function body<const Type extends string = never>(
  name: string,
  options: LocatorOptions<MeantType<Type>> = {},
): FieldLocator<'body', Known<Type>> {
  return locator<'body', Type>('body', name, options)
}

/** The resource named by a query parameter, which must be there exactly once. */
export function query<const Type extends string = never>(
  name: string,
  options: LocatorOptions<MeantType<Type>> = {},
): FieldLocator<'query', Known<Type>> {
  return locator<'query', Type>('query', name, options)
}

/** The resource named by a header, which must be there exactly once. */
export function header<const Type extends string = never>(
  name: string,
  options: LocatorOptions<MeantType<Type>> = {},
): FieldLocator<'header', Known<Type>> {
  return locator<'header', Type>('header', name.toLowerCase(), options)
}

/**
 * The resource named by an argument: of a GraphQL field, or a field of a message. A dot leads into an input object.
 *
 * @example
 * @Mutation(() => Project)
 * @RequirePermission('project:edit', { resource: arg('input.projectId') })
 */
export function arg<const Type extends string = never>(
  name: string,
  options: LocatorOptions<MeantType<Type>> = {},
): FieldLocator<'arg', Known<Type>> {
  return locator<'arg', Type>('arg', name, options)
}

/** The resource named by a field of the object whose field a GraphQL field resolver resolves. */
export function parent<const Type extends string = never>(
  name: string,
  options: LocatorOptions<MeantType<Type>> = {},
): FieldLocator<'parent', Known<Type>> {
  return locator<'parent', Type>('parent', name, options)
}

function locator<Source extends LocatorSource, Type extends string>(
  source: Source,
  name: string,
  options: LocatorOptions<MeantType<Type>>,
): FieldLocator<Source, Known<Type>> {
  // Of a type that the model has, `MeantType` is that type; what else could be written does not compile.
  return { ...options, source, name } as unknown as FieldLocator<Source, Known<Type>>
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
