import {
  type AnyEntity,
  compileModel,
  type Model,
  type PermissionRecord,
  type ResourceTypeRecord,
  type RoleRecord,
  type SettingsRecord,
} from '@bailiwick/core'

/** The environment shard as stored, by slug. */
export interface EnvironmentRecords {
  readonly types: ReadonlyMap<string, ResourceTypeRecord>
  readonly permissions: ReadonlyMap<string, PermissionRecord>
  readonly roles: ReadonlyMap<string, RoleRecord>
  readonly settings: SettingsRecord | undefined
}

/** Sort the entities of the environment shard by kind. */
export function readRecords(entities: Iterable<AnyEntity>): EnvironmentRecords {
  const types = new Map<string, ResourceTypeRecord>()
  const permissions = new Map<string, PermissionRecord>()
  const roles = new Map<string, RoleRecord>()
  let settings: SettingsRecord | undefined
  for (const { kind, entity } of entities) {
    if (kind === 'resource_type') types.set(entity.id, entity)
    else if (kind === 'permission') permissions.set(entity.slug, entity)
    else if (kind === 'role') roles.set(entity.slug, entity)
    else if (kind === 'settings') settings = entity
  }
  return { types, permissions, roles, settings }
}

/** The model that is stored; one without anything where none is. */
export function storedModel({ types, permissions, roles, settings }: EnvironmentRecords): Model {
  const slugs = new Map([...permissions.values()].map(({ id, slug }) => [id, slug]))
  return compileModel({
    resourceTypes: Object.fromEntries(
      [...types.values()].map(({ id, description, ...type }) => [id, { ...type, ...described(description) }]),
    ),
    permissions: Object.fromEntries(
      [...permissions.values()].map(({ id: _, slug, description, ...permission }) => [
        slug,
        { ...permission, ...described(description) },
      ]),
    ),
    roles: Object.fromEntries(
      [...roles.values()].map(({ slug, name, description, on, permissionIds }) => [
        slug,
        {
          name,
          on,
          permissions: permissionIds.flatMap((id) => slugs.get(id) ?? []),
          ...described(description),
        },
      ]),
    ),
    ...(settings && {
      maxDepth: settings.maxDepth,
      roleMode: settings.roleMode,
      rolePriority: settings.rolePriority,
      ...(settings.defaultRole !== null && { defaultRole: settings.defaultRole }),
    }),
  })
}

function described(description: string | null): { readonly description?: string } {
  return description === null ? {} : { description }
}
