import { ModelInvalid } from '../errors/model-errors.js'
import { parseDescription, parseName } from '../input.js'
import { nearestSlug, parsePermissionSlug, parseSlug } from '../slugs.js'
import type {
  ModelDefinition,
  PermissionDefinition,
  ResourceTypeDefinition,
  RoleDefinition,
} from './definition.js'
import {
  Model,
  organizationRolePrefix,
  type PermissionType,
  type ResourceType,
  type RoleMode,
  type RoleType,
  rootType,
} from './model.js'
import { resolveTypes } from './resolve-types.js'

type Root = typeof rootType
type Slug<T> = keyof T & string
type ParentOf<T> = T extends { readonly parents: readonly (infer P extends string)[] } ? P : never
type On<P> = P extends { readonly on: infer T extends string } ? T : P extends string ? P : never

/** The model type that a definition yields: its permission slugs are a union that the compiler knows. */
export type DefinedModel<Types, Permissions, Roles> = Model<{
  readonly type: Slug<Types> | Root
  readonly parents: { readonly [T in Slug<Types>]: ParentOf<Types[T]> }
  readonly permissions: { readonly [P in Slug<Permissions>]: On<Permissions[P]> }
  readonly roles: { readonly [R in Slug<Roles>]: On<Roles[R]> }
}>

/**
 * State the resource types, permissions and roles of an application.
 *
 * @param definition.resourceTypes - At most 50, at most 10 directly under any one, at most `maxDepth` levels
 *   below `organization`; every parent exists and no type lies under itself.
 * @param definition.permissions - Slug to resource type.
 * @param definition.roles - A role holds permissions of its own type and of the types below it, never above.
 * @throws {ModelInvalid} naming the slug and the rule it breaks.
 * @throws {InputInvalid} for a slug or a name beyond its limit.
 *
 * @example
 * const model = defineModel({
 *   resourceTypes: { project: { parents: ['organization'] } },
 *   permissions: { 'project:edit': 'project' },
 *   roles: { editor: { on: 'project', permissions: ['project:edit'] } },
 * })
 */
export function defineModel<
  const Types extends Readonly<Record<string, ResourceTypeDefinition<NoInfer<Slug<Types> | Root>>>>,
  const Permissions extends Readonly<Record<string, PermissionDefinition<NoInfer<Slug<Types> | Root>>>>,
  const Roles extends Readonly<
    Record<string, RoleDefinition<NoInfer<Slug<Types> | Root>, NoInfer<Slug<Permissions>>>>
  >,
>(definition: {
  readonly resourceTypes: Types
  readonly permissions: Permissions
  readonly roles: Roles
  readonly defaultRole?: NoInfer<Slug<Roles>>
  readonly maxDepth?: number
  readonly roleMode?: RoleMode
  readonly rolePriority?: readonly NoInfer<Slug<Roles>>[]
}): DefinedModel<Types, Permissions, Roles> {
  return compileModel(definition) as DefinedModel<Types, Permissions, Roles>
}

/**
 * `defineModel` for a definition whose slugs are known at run time only: from a file, or from the store.
 *
 * @throws {ModelInvalid} naming the slug and the rule it breaks.
 */
export function compileModel(definition: ModelDefinition): Model {
  const maxDepth = definition.maxDepth ?? 5
  if (!Number.isInteger(maxDepth) || maxDepth < 1 || maxDepth > 25) {
    throw new ModelInvalid('maxDepth', 'must be a whole number from 1 to 25')
  }
  const roleMode = definition.roleMode ?? 'multiple'
  if (roleMode !== 'single' && roleMode !== 'multiple') {
    throw new ModelInvalid('roleMode', 'must be `single` or `multiple`')
  }
  const types = resolveTypes(definition.resourceTypes, maxDepth)
  const permissions = new Map(
    Object.entries(definition.permissions).map(([slug, permission]) => [
      slug,
      readPermission(slug, permission, types),
    ]),
  )
  const roles = new Map(
    Object.entries(definition.roles).map(([slug, role]) => [slug, readRole(slug, role, types, permissions)]),
  )
  return new Model(
    types,
    permissions,
    roles,
    readDefaultRole(definition.defaultRole, roles),
    maxDepth,
    roleMode,
    readPriority(definition.rolePriority ?? [], roles),
  )
}

function readPermission(
  slug: string,
  definition: PermissionDefinition,
  types: ReadonlyMap<string, ResourceType>,
): PermissionType {
  parsePermissionSlug(slug, 'permission')
  const { on, name, description, fresh } =
    typeof definition === 'string' ? { on: definition, ...noDetails } : { ...noDetails, ...definition }
  requireType(slug, on, types)
  return {
    slug,
    on,
    name: parseName(name ?? slug),
    description: parseDescription(description),
    fresh: fresh ?? false,
  }
}

const noDetails: { readonly name?: string; readonly description?: string; readonly fresh?: boolean } = {}

function readRole(
  slug: string,
  definition: RoleDefinition,
  types: ReadonlyMap<string, ResourceType>,
  permissions: ReadonlyMap<string, PermissionType>,
): RoleType {
  parseSlug(slug, 'role')
  if (slug.startsWith(organizationRolePrefix))
    throw new ModelInvalid(slug, `begins like a role of one organization: \`${organizationRolePrefix}\``)
  const type = requireType(slug, definition.on, types)
  for (const held of definition.permissions) {
    const permission = permissions.get(held)
    if (permission === undefined) {
      throw new ModelInvalid(
        slug,
        `holds the unknown permission \`${held}\`${didYouMean(held, permissions.keys())}`,
      )
    }
    if (!type.selfAndBelow.has(permission.on)) {
      throw new ModelInvalid(
        slug,
        `is a role on \`${type.slug}\` and cannot hold \`${held}\` of \`${permission.on}\`: a role holds permissions of its own type and of the types below it`,
      )
    }
  }
  return {
    slug,
    on: type.slug,
    name: parseName(definition.name ?? slug),
    description: parseDescription(definition.description),
    permissions: [...new Set(definition.permissions)].sort(),
  }
}

function readDefaultRole(slug: string | undefined, roles: ReadonlyMap<string, RoleType>): string | undefined {
  if (slug === undefined) return undefined
  const role = roles.get(slug)
  if (role === undefined) throw new ModelInvalid(slug, 'is the default role, but no such role is defined')
  if (role.on !== rootType)
    throw new ModelInvalid(slug, 'is the default role, and must be a role on `organization`')
  return slug
}

function readPriority(named: readonly string[], roles: ReadonlyMap<string, RoleType>): readonly string[] {
  for (const slug of named) {
    if (roles.get(slug)?.on !== rootType)
      throw new ModelInvalid(slug, 'has a priority, and must be a role on `organization`')
  }
  const all = [...roles.values()].filter(({ on }) => on === rootType).map(({ slug }) => slug)
  return [...new Set([...named, ...all])]
}

function requireType(slug: string, on: string, types: ReadonlyMap<string, ResourceType>): ResourceType {
  const type = types.get(on)
  if (type === undefined) {
    throw new ModelInvalid(slug, `is on the unknown resource type \`${on}\`${didYouMean(on, types.keys())}`)
  }
  return type
}

function didYouMean(mistyped: string, known: Iterable<string>): string {
  const nearest = nearestSlug(mistyped, known)
  return nearest === undefined ? '' : `; did you mean \`${nearest}\`?`
}
