import {
  type EnvironmentRole,
  type EnvironmentSettings,
  type PermissionEntity,
  type PermissionRecord,
  type ResourceTypeEntity,
  type ResourceTypeRecord,
  type RoleRecord,
  rootType,
} from '@bailiwick/core'
import type { EnvironmentRecords } from './records.js'

/** A stored type as callers see it. */
export function resourceTypeView({ id, ...rest }: ResourceTypeRecord): ResourceTypeEntity {
  return { slug: id, ...rest }
}

/** A stored permission as callers see it. */
export function permissionView(record: PermissionRecord): PermissionEntity {
  return record
}

/** A stored role as callers see it, its permissions by slug. */
export function roleView({ permissions }: EnvironmentRecords, record: RoleRecord): EnvironmentRole {
  const { permissionIds, ...rest } = record
  const held = new Set(permissionIds)
  const slugs = [...permissions.values()].filter(({ id }) => held.has(id)).map(({ slug }) => slug)
  return { ...rest, permissions: slugs.sort() }
}

/** All roles: those of the organization level in their order, the others as they were made. */
export function roleViews(records: EnvironmentRecords): readonly EnvironmentRole[] {
  const { roles, settings } = records
  const ranked = (settings?.rolePriority ?? []).flatMap((slug) => roles.get(slug) ?? [])
  const others = [...roles.values()].filter(({ on }) => on !== rootType).sort(byId)
  return [...ranked, ...others].map((record) => roleView(records, record))
}

/** What is stored of the settings; those of a model that says nothing where nothing is stored. */
export function settingsView({ settings }: EnvironmentRecords): EnvironmentSettings {
  const { defaultRole, roleMode, rolePriority, maxDepth } = settings ?? unset
  return { defaultRole, roleMode, rolePriority, maxDepth }
}

const unset: EnvironmentSettings = { defaultRole: null, roleMode: 'multiple', rolePriority: [], maxDepth: 5 }

/** Orders what is stored by id, which is the order in which it was made. */
export function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1
}
