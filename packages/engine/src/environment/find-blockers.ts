import type { Model, ModelBlocker } from '@bailiwick/core'
import type { EntitySource } from '../store/store.js'
import type { RemovedParts } from './model-changes.js'
import { Counter, scanAll } from './scan-all.js'

/**
 * What in the store would be orphaned by a change of the model. Reads whole kinds, but only those that a removal
 * concerns, so a model that only grows costs nothing.
 */
export async function findBlockers(
  store: EntitySource,
  removed: RemovedParts,
  next: Model,
): Promise<readonly ModelBlocker[]> {
  return [
    ...(await resourceBlockers(store, removed)),
    ...(await agentBlockers(store, removed.agents)),
    ...(await roleBlockers(store, removed.roles)),
    ...(await exclusionBlockers(store, removed.permissions)),
    ...(await organizationRoleBlockers(store, removed, next)),
  ]
}

async function resourceBlockers(
  store: EntitySource,
  removed: RemovedParts,
): Promise<readonly ModelBlocker[]> {
  if (removed.types.length === 0 && removed.parents.length === 0) return []
  const ofType = new Counter()
  const underParent = new Counter()
  for await (const { type, parentId } of scanAll(store, 'resource')) {
    if (removed.types.includes(type)) ofType.add(type)
    const arrows = removed.parents.filter((arrow) => arrow.type === type)
    if (arrows.length === 0 || parentId === null) continue
    const parentType = (await store.find('resource', parentId))?.entity.type
    if (arrows.some(({ parent }) => parent === parentType)) underParent.add(`${type} under ${parentType}`)
  }
  return [
    ...blockers(
      'resource_type',
      ofType,
      (slug, count) => `type \`${slug}\` still has ${count} resources: delete them, or keep the type`,
    ),
    ...blockers(
      'parent',
      underParent,
      (slug, count) => `${count} resources lie as \`${slug}\`: move them, or keep that parent`,
    ),
  ]
}

async function agentBlockers(
  store: EntitySource,
  types: readonly string[],
): Promise<readonly ModelBlocker[]> {
  if (types.length === 0) return []
  const held = new Counter()
  for (const kind of ['assignment', 'exclusion'] as const) {
    for await (const { subject } of scanAll(store, kind)) {
      if (subject.kind !== 'agent') continue
      const type = (await store.find('resource', subject.id))?.entity.type
      if (type !== undefined && types.includes(type)) held.add(type)
    }
  }
  return blockers(
    'agent',
    held,
    (slug, count) =>
      `agents of type \`${slug}\` still hold ${count} assignments and exclusions: take them back, or keep \`agent: true\``,
  )
}

async function roleBlockers(
  store: EntitySource,
  roles: RemovedParts['roles'],
): Promise<readonly ModelBlocker[]> {
  if (roles.length === 0) return []
  const slugs = new Map<string | null, string>(roles.map(({ id, slug }) => [id, slug]))
  const held = new Counter()
  for await (const { roleIds } of scanAll(store, 'membership'))
    for (const id of roleIds) held.add(slugs.get(id))
  for (const kind of ['assignment', 'mapping'] as const)
    for await (const { roleId } of scanAll(store, kind)) held.add(slugs.get(roleId))
  for await (const { defaultRoleId } of scanAll(store, 'role_order')) held.add(slugs.get(defaultRoleId))
  return blockers(
    'role',
    held,
    (slug, count) =>
      `role \`${slug}\` is still held, mapped or the default ${count} times: take it back everywhere, or keep the role on its type`,
  )
}

// An exclusion is by permission id, and that never comes back: a permission that is taken out and put in again
// would be allowed to those to whom it was denied.
async function exclusionBlockers(
  store: EntitySource,
  permissions: RemovedParts['permissions'],
): Promise<readonly ModelBlocker[]> {
  if (permissions.length === 0) return []
  const slugs = new Map<string, string>(permissions.map(({ id, slug }) => [id, slug]))
  const named = new Counter()
  for await (const { permissionId } of scanAll(store, 'exclusion')) named.add(slugs.get(permissionId))
  return blockers(
    'permission',
    named,
    (slug, count) => `${count} exclusions name \`${slug}\`: delete them, or keep the permission`,
  )
}

/** The roles of organizations obey the hierarchy as those of the model do. A permission that has gone, they lose. */
async function organizationRoleBlockers(
  store: EntitySource,
  removed: RemovedParts,
  next: Model,
): Promise<readonly ModelBlocker[]> {
  if (removed.types.length + removed.parents.length + removed.moved.length === 0) return []
  const slugOf = new Map<string, string>()
  for await (const { id, slug } of scanAll(store, 'permission')) slugOf.set(id, slug)
  const onGone = new Counter()
  const misfits = new Counter()
  for await (const { on, permissionIds } of scanAll(store, 'organization_role')) {
    const type = next.types.get(on)
    if (type === undefined) {
      onGone.add(on)
      continue
    }
    for (const id of permissionIds) {
      const permission = next.permissions.get(slugOf.get(id) ?? '')
      if (permission !== undefined && !type.selfAndBelow.has(permission.on)) misfits.add(permission.slug)
    }
  }
  return [
    ...blockers(
      'resource_type',
      onGone,
      (slug, count) =>
        `type \`${slug}\` still has ${count} organization roles: delete them, or keep the type`,
    ),
    ...blockers(
      'permission',
      misfits,
      (slug, count) =>
        `${count} organization roles hold \`${slug}\` and would not lie on its type or above: take it from them, or keep its place`,
    ),
  ]
}

function blockers(
  part: ModelBlocker['part'],
  counts: Counter,
  remedy: (slug: string, count: number) => string,
): readonly ModelBlocker[] {
  return counts
    .entries()
    .map(([slug, dependents]) => ({ part, slug, dependents, remedy: remedy(slug, dependents) }))
}
