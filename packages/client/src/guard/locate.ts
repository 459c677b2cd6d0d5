import {
  InputInvalid,
  limits,
  type OrganizationId,
  parseOrganizationId,
  parseResourceId,
  ResourceNotLocated,
} from '@bailiwick/core'
import type { Target } from '../target.js'
import { type FieldLocator, type Locator, type LocatorFunction, shownLocator } from './locator.js'
import { headerValues, type RequestView } from './request-view.js'

/**
 * Read the resource that a request is about.
 *
 * @param type - The type that the permission belongs to, for a locator that names none.
 * @throws {ResourceNotLocated} unless there is exactly one id, a string of 1 to 128 characters of printable
 *   ASCII that no path, log or key could take for something else.
 */
export async function locate<Native>(
  locator: Locator<Native>,
  type: string,
  request: RequestView<Native>,
): Promise<Target> {
  return typeof locator === 'function'
    ? locateByCall(locator, request)
    : locateByField(locator, type, request)
}

/** `locate` for a locator that is plain data: there is nothing to wait for. @throws as `locate`. */
export function locateByField(locator: FieldLocator, type: string, request: RequestView): Target {
  const id = readId(locator, request)
  const ref =
    locator.as === 'id'
      ? { resourceId: parsed(locator, () => parseResourceId(id)) }
      : { type: locator.type ?? type, externalId: id }
  if (locator.organization === undefined) return ref
  return { ...ref, organizationId: readOrganization(locator.organization, request) }
}

async function locateByCall<Native>(
  locator: LocatorFunction<Native>,
  request: RequestView<Native>,
): Promise<Target> {
  const target: unknown = await locator(request)
  if (typeof target !== 'object' || target === null) {
    throw new ResourceNotLocated(shownLocator(locator), 'found no resource')
  }
  // It may hand on what came with the request, unparsed, whatever its types say.
  const { resourceId, type, externalId, organizationId } = target as Record<string, unknown>
  const ref =
    resourceId === undefined
      ? { type: usable(locator, type), externalId: usable(locator, externalId) }
      : { resourceId: parsed(locator, () => parseResourceId(resourceId)) }
  if (organizationId === undefined) return ref
  return {
    ...ref,
    organizationId: parsed(locator, () => parseOrganizationId(organizationId)),
  }
}

function readOrganization(locator: FieldLocator, request: RequestView): OrganizationId {
  const id = readId(locator, request)
  return parsed(locator, () => parseOrganizationId(id))
}

function readId(locator: FieldLocator, request: RequestView): string {
  const id = usable(locator, readField(locator, request))
  // One request that names two resources under one name is an attack or a bug: the guard would look at one and
  // the handler at the other.
  const inPath = locator.source === 'param' ? undefined : ownField(request.params, locator.name)
  if (inPath !== undefined && inPath !== id) {
    throw new ResourceNotLocated(shownLocator(locator), 'differs from the path parameter of the same name')
  }
  return id
}

function readField(locator: FieldLocator, request: RequestView): unknown {
  switch (locator.source) {
    case 'param':
      return ownField(request.params, locator.name)
    case 'query':
      return ownField(request.query, locator.name)
    case 'body':
      return ownField(request.body, locator.name)
    case 'header': {
      const values = headerValues(request.rawHeaders, locator.name)
      return values.length > 1 ? values : values[0]
    }
    case 'arg':
      return locator.name.split('.').reduce<unknown>(ownField, request.args)
    case 'parent':
      return ownField(request.parent, locator.name)
  }
}

/** Own fields only: `param('constructor')` finds nothing where the request holds nothing. */
export function ownField(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, name)) return undefined
  return (holder as Record<string, unknown>)[name]
}

const printableAscii = /^[\x20-\x7e]+$/

/** What `usable` takes, all in one: printable ASCII without a slash of either kind. */
const plainId = /^[\x20-\x2e\x30-\x5b\x5d-\x7e]+$/

function usable(locator: Locator<never>, value: unknown): string {
  if (isUsable(value)) return value
  if (value === undefined || value === '') throw new ResourceNotLocated(shownLocator(locator), 'is missing')
  if (Array.isArray(value)) throw new ResourceNotLocated(shownLocator(locator), 'is there more than once')
  if (typeof value !== 'string') throw new ResourceNotLocated(shownLocator(locator), 'is not a string')
  if (value.length > limits.externalIdLength || !printableAscii.test(value)) {
    throw new ResourceNotLocated(
      shownLocator(locator),
      `is not 1 to ${limits.externalIdLength} characters of printable ASCII`,
    )
  }
  // An id with these in it changes the meaning of a path that some client builds from it.
  throw new ResourceNotLocated(shownLocator(locator), 'holds a path instead of an id')
}

function isUsable(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > limits.externalIdLength) return false
  return plainId.test(value) && value !== '.' && value !== '..'
}

function parsed<Id>(locator: Locator<never>, parse: () => Id): Id {
  try {
    return parse()
  } catch (error) {
    if (error instanceof InputInvalid) throw new ResourceNotLocated(shownLocator(locator), error.rule)
    throw error
  }
}
