import {
  type AnyEntity,
  compileModel,
  type Model,
  type ModelDefinition,
  type PermissionRecord,
  type ResourceTypeRecord,
  type RoleRecord,
  type SettingsRecord,
  type Stamped,
  type Timestamp,
} from '@bailiwick/core'

/** The environment shard as stored, by slug. */
export interface EnvironmentRecords {
  readonly types: ReadonlyMap<string, ResourceTypeRecord>
  readonly permissions: ReadonlyMap<string, PermissionRecord>
  readonly roles: ReadonlyMap<string, RoleRecord>
  readonly settings: SettingsRecord | undefined
}

/**
 * Sort the entities of the environment shard by kind, in the order of their ids.
 *
 * @param since - When those were made that do not say it: earlier releases did not store that.
 */
export function readRecords(entities: Iterable<AnyEntity>, since: Timestamp): EnvironmentRecords {
  const types: ResourceTypeRecord[] = []
  const permissions: PermissionRecord[] = []
  const roles: RoleRecord[] = []
  let settings: SettingsRecord | undefined
  for (const { kind, entity } of entities) {
    if (kind === 'resource_type') types.push(entity)
    else if (kind === 'permission') permissions.push(entity)
    else if (kind === 'role') roles.push(entity)
    else if (kind === 'settings') settings = entity
  }
  const known = <Kept extends Stamped & { readonly id: string }>(
    records: readonly Kept[],
    slug: (record: Kept) => string,
  ) =>
    new Map(
      records
        .map((record) => ({
          ...record,
          ...(hasStamps(record) ? {} : { createdAt: since, updatedAt: since }),
        }))
        .sort((one, other) => (one.id < other.id ? -1 : 1))
        .map((record) => [slug(record), record]),
    )
  return {
    types: known(types, ({ id }) => id),
    permissions: known(permissions, ({ slug }) => slug),
    roles: known(roles, ({ slug }) => slug),
    settings,
  }
}

/** Whether a record says when it was made; those of earlier releases do not. */
export function hasStamps({ createdAt }: Partial<Stamped>): boolean {
  return createdAt !== undefined
}

/** The model that is stored; one without anything where none is. */
export function storedModel(records: EnvironmentRecords): Model {
  return compileModel(definitionOf(records))
}

/** What is stored, as it would be written down. */
export function definitionOf({ types, permissions, roles, settings }: EnvironmentRecords): ModelDefinition {
  const slugs = new Map([...permissions.values()].map(({ id, slug }) => [id, slug]))
  return {
    resourceTypes: Object.fromEntries(
      [...types.values()].map(({ id, name, description, parents, agent }) => [
        id,
        { name, parents, agent, ...described(description) },
      ]),
    ),
    permissions: Object.fromEntries(
      [...permissions.values()].map(({ slug, name, description, on, fresh }) => [
        slug,
        { name, on, fresh, ...described(description) },
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
  }
}

function described(description: string | null): { readonly description?: string } {
  return description === null ? {} : { description }
}
