import {
  type Change,
  type Model,
  type PermissionId,
  type PermissionRecord,
  type ResourceTypeRecord,
  type RoleId,
  type RoleRecord,
  rootType,
  type SettingsRecord,
  type Stamped,
  type Timestamp,
} from '@bailiwick/core'
import { newId, type UlidSource } from '../new-id.js'
import type { EnvironmentRecords } from './records.js'

/** What must change in the environment for it to hold a model, and what that takes away. */
export interface ModelChanges {
  readonly changes: readonly Change[]
  readonly records: EnvironmentRecords
  readonly removed: RemovedParts
}

/** What the stored model has, and the new one has not. */
export interface RemovedParts {
  readonly types: readonly string[]
  /** Arrows of the hierarchy. */
  readonly parents: readonly { readonly type: string; readonly parent: string }[]
  /** Types that stay, and are no longer able to act. */
  readonly agents: readonly string[]
  readonly permissions: readonly PermissionRecord[]
  /** Permissions that stay, on another type. */
  readonly moved: readonly string[]
  readonly roles: readonly RoleRecord[]
}

/**
 * Compare the stored environment with a model. What keeps its slug keeps its id; a role that changes its
 * resource type is another role, so it is removed and made anew.
 */
export function modelChanges(
  stored: EnvironmentRecords,
  model: Model,
  ulid: UlidSource,
  at: Timestamp,
): ModelChanges {
  const types = typeRecords(model, stored, at)
  const permissions = permissionRecords(model, stored, ulid, at)
  const roles = roleRecords(model, stored, permissions, ulid, at)
  const settings: SettingsRecord = {
    id: 'settings',
    defaultRole: model.defaultRole ?? null,
    maxDepth: model.maxDepth,
    roleMode: model.roleMode,
    rolePriority: model.rolePriority,
  }
  const goneTypes = [...stored.types.values()].filter((type) => !types.has(type.id))
  const gonePermissions = [...stored.permissions.values()].filter(({ slug }) => !permissions.has(slug))
  const goneRoles = [...stored.roles.values()].filter(({ slug, id }) => roles.get(slug)?.id !== id)
  const changes: Change[] = [
    ...changed(types, stored.types).map((entity): Change => ({ op: 'put', kind: 'resource_type', entity })),
    ...changed(permissions, stored.permissions).map(
      (entity): Change => ({ op: 'put', kind: 'permission', entity }),
    ),
    ...goneRoles.map(({ id }): Change => ({ op: 'remove', kind: 'role', id })),
    ...changed(roles, stored.roles).map((entity): Change => ({ op: 'put', kind: 'role', entity })),
    ...gonePermissions.map(({ id }): Change => ({ op: 'remove', kind: 'permission', id })),
    ...goneTypes.map(({ id }): Change => ({ op: 'remove', kind: 'resource_type', id })),
  ]
  if (!same(settings, stored.settings)) changes.push({ op: 'put', kind: 'settings', entity: settings })
  return {
    changes,
    records: { types, permissions, roles, settings },
    removed: {
      types: goneTypes.map(({ id }) => id),
      parents: goneParents(stored, types),
      agents: [...stored.types.values()]
        .filter(({ id, agent }) => agent && types.get(id)?.agent === false)
        .map(({ id }) => id),
      permissions: gonePermissions,
      moved: [...permissions.values()]
        .filter(({ slug, on }) => on !== (stored.permissions.get(slug)?.on ?? on))
        .map(({ slug }) => slug),
      roles: goneRoles,
    },
  }
}

function typeRecords(
  model: Model,
  stored: EnvironmentRecords,
  at: Timestamp,
): Map<string, ResourceTypeRecord> {
  const types = [...model.types.values()].filter(({ slug }) => slug !== rootType)
  return new Map(
    types.map(({ slug, name, description, parents, agent }) => [
      slug,
      stamped({ id: slug, name, description, parents, agent }, stored.types.get(slug), at),
    ]),
  )
}

function permissionRecords(
  model: Model,
  stored: EnvironmentRecords,
  ulid: UlidSource,
  at: Timestamp,
): Map<string, PermissionRecord> {
  return new Map(
    [...model.permissions.values()].map(({ slug, name, description, on, fresh }) => {
      const before = stored.permissions.get(slug)
      const id = before?.id ?? newId<PermissionId>('permission', ulid)
      return [slug, stamped({ id, slug, name, description, on, fresh }, before, at)]
    }),
  )
}

function roleRecords(
  model: Model,
  stored: EnvironmentRecords,
  permissions: ReadonlyMap<string, PermissionRecord>,
  ulid: UlidSource,
  at: Timestamp,
): Map<string, RoleRecord> {
  return new Map(
    [...model.roles.values()].map(({ slug, name, description, on, permissions: held }) => {
      const known = stored.roles.get(slug)
      const before = known?.on === on ? known : undefined
      const id = before?.id ?? newId<RoleId>('role', ulid)
      const permissionIds = held.map((permission) => (permissions.get(permission) as PermissionRecord).id)
      return [slug, stamped({ id, slug, name, description, on, permissionIds }, before, at)]
    }),
  )
}

/** What was there before, when it says the same; otherwise what is new, and when. */
function stamped<Kept extends Stamped>(
  said: Omit<Kept, keyof Stamped>,
  before: Kept | undefined,
  at: Timestamp,
): Kept {
  // What `Omit` took away is put back: the compiler cannot see that for a type that it does not know yet.
  if (before === undefined) return { ...said, createdAt: at, updatedAt: at } as Kept
  const { createdAt, updatedAt: _, ...saidBefore } = before
  return same(said, saidBefore) ? before : ({ ...said, createdAt, updatedAt: at } as Kept)
}

function goneParents(stored: EnvironmentRecords, types: ReadonlyMap<string, ResourceTypeRecord>) {
  return [...stored.types.values()].flatMap((type) => {
    const kept = types.get(type.id)?.parents
    if (kept === undefined) return []
    return type.parents
      .filter((parent) => !kept.includes(parent))
      .map((parent) => ({ type: type.id, parent }))
  })
}

function changed<Entity>(
  wanted: ReadonlyMap<string, Entity>,
  stored: ReadonlyMap<string, Entity>,
): readonly Entity[] {
  return [...wanted].filter(([slug, entity]) => entity !== stored.get(slug)).map(([, entity]) => entity)
}

// Records are made field by field in one order, here and nowhere else, so their texts compare.
function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
