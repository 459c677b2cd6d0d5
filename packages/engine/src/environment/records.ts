import type {
  AnyEntity,
  PermissionRecord,
  ResourceTypeRecord,
  RoleRecord,
  SettingsRecord,
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
