import { Misconfigured, type Model, type ResourceTypeSlug, rootType } from '@bailiwick/core'
import { type FieldLocator, type Locator, type LocatorSource, shownLocator } from './locator.js'
import {
  isPlaced,
  mapPermissions,
  type PermissionRequirement,
  permissionsOf,
  type Requirement,
} from './requirement.js'

/** Locators that are declared once, by the resource type they find: `{ project: param('projectId') }`. */
export type LocatorsByType = { readonly [Type in ResourceTypeSlug]?: FieldLocator<'param', Type> }

/** What a route offers to the permissions that it demands. */
export interface Route {
  /** As people know it, for messages: `PATCH /projects/:id`. */
  readonly name: string
  /** The path parameters, those of mounted routers included. Wildcards count: they choose an object as well. */
  readonly parameters: readonly string[]
}

/**
 * Say for every permission of a requirement on what it is asked: the locator or `scope` that it has, else the
 * locator declared for its type if the route has that parameter, else the organization if the route has no
 * path parameters at all.
 *
 * @throws {Misconfigured} naming the line to add when the path chooses an object and nothing says which: a
 *   guard guards the object, not only the class.
 */
export function placeRequirement(
  requirement: Requirement,
  route: Route,
  model: Model,
  locators: LocatorsByType = {},
): Requirement {
  if (requirement.kind === 'public' || requirement.kind === 'authenticated') return requirement
  return mapPermissions(requirement, (asked) => {
    if (isPlaced(asked)) return asked
    const locator = locators[model.permission(asked.permission).on as ResourceTypeSlug]
    if (locator !== undefined && route.parameters.includes(locator.name))
      return { ...asked, resource: locator }
    if (route.parameters.length === 0) return { ...asked, scope: 'organization' }
    throw notPlaced(asked, route, model)
  })
}

/**
 * The same for what is called without a path, a GraphQL field or a message: a permission on the organization asks
 * about the organization, and one on a resource says which.
 *
 * @param name - As people know it, for messages: `ProjectsResolver.rename`.
 * @throws {Misconfigured} naming the line to add; also for a locator of what only HTTP requests have.
 */
export function placeOperation(requirement: Requirement, name: string, model: Model): Requirement {
  if (requirement.kind === 'public' || requirement.kind === 'authenticated') return requirement
  return mapPermissions(requirement, (asked) => {
    const { permission, resource } = asked
    if (typeof resource === 'object' && !readOfOperations.has(resource.source)) {
      throw new Misconfigured(
        `\`${name}\` is not called by a path, and \`${permission}\` looks for ${shownLocator(resource)}: ` +
          `say \`arg('${resource.name}')\``,
      )
    }
    if (isPlaced(asked)) return asked
    const { on } = model.permission(permission)
    if (on === rootType) return { ...asked, scope: 'organization' }
    throw new Misconfigured(
      `\`${name}\` does not say which ${on} \`${permission}\` guards: ` +
        `add \`resource: arg('${on}Id')\`, or \`scope: 'organization'\` to ask for all of them`,
    )
  })
}

const readOfOperations: ReadonlySet<LocatorSource> = new Set(['arg', 'parent', 'header'])

/**
 * Hold a requirement against the model: at start, and before the first request that meets it.
 *
 * @throws {PermissionUnknown} or {ResourceTypeUnknown} with the slug that was probably meant; {Misconfigured}
 *   when one locator stands for permissions of several types, so that one id would be read as two things.
 */
export function checkAgainstModel(requirement: Requirement, model: Model): void {
  const typeRead = new Map<Locator<never>, string>()
  for (const { permission, resource } of permissionsOf(requirement)) {
    const { on } = model.permission(permission)
    if (resource === undefined || typeof resource === 'function') continue
    const type = resource.type ?? on
    model.type(type)
    const other = typeRead.get(resource)
    if (other !== undefined && other !== type) {
      throw new Misconfigured(
        `${shownLocator(resource)} would be read as a \`${other}\` and as a \`${type}\`, and their ids may coincide: ` +
          `give each its own, such as \`permission('${permission}', { resource: … })\``,
      )
    }
    typeRead.set(resource, type)
  }
}

/**
 * Hold a placed requirement against the route it guards, at start.
 *
 * @throws {Misconfigured} for `param('x')` on a route without a path parameter `x`, and for what requests do not
 *   have: every request would be 400.
 */
export function checkLocatorsFit(requirement: Requirement, route: Route): void {
  for (const { permission, resource } of permissionsOf(requirement)) {
    if (resource === undefined || typeof resource === 'function') continue
    for (const locator of [resource, resource.organization]) {
      if (locator === undefined || fits(locator, route)) continue
      throw new Misconfigured(
        `\`${route.name}\` has ${shownParameters(route)}, and \`${permission}\` looks for ${shownLocator(locator)}`,
      )
    }
  }
}

function fits({ source, name }: FieldLocator, { parameters }: Route): boolean {
  if (source === 'arg' || source === 'parent') return false
  return source !== 'param' || parameters.includes(name)
}

function notPlaced(asked: PermissionRequirement, route: Route, model: Model): Misconfigured {
  const { on } = model.permission(asked.permission)
  const likely = route.parameters.find((name) => name.toLowerCase().includes(on)) ?? route.parameters.at(-1)
  const type = on === rootType ? 'organization it is asked on' : `${on} it guards`
  return new Misconfigured(
    `\`${route.name}\` has ${shownParameters(route)}, and \`${asked.permission}\` does not say which ${type}: ` +
      `add \`resource: param('${likely}')\`, or \`scope: 'organization'\` to ask for all of them`,
  )
}

function shownParameters({ parameters }: Route): string {
  if (parameters.length === 0) return 'no path parameters'
  return `the path parameter${parameters.length > 1 ? 's' : ''} ${parameters.map((name) => `\`${name}\``).join(', ')}`
}
