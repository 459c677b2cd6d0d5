import type { EntityKind, ModelBlocker } from '@bailiwick/core'
import type { Located, Store } from '../store/store.js'
import type { ModelPlan } from './plan-model.js'

/**
 * What in the store would be orphaned by a plan. Reads whole kinds, but only those that a removal concerns, so a
 * model that only grows costs nothing.
 */
export async function findBlockers(
  store: Store,
  removed: ModelPlan['removed'],
): Promise<readonly ModelBlocker[]> {
  return [...(await resourceBlockers(store, removed)), ...(await roleBlockers(store, removed.roles))]
}

async function resourceBlockers(
  store: Store,
  removed: ModelPlan['removed'],
): Promise<readonly ModelBlocker[]> {
  if (removed.types.length === 0 && removed.parents.length === 0) return []
  const ofType = new Counter()
  const underParent = new Counter()
  for await (const { entity } of all(store, 'resource')) {
    if (removed.types.includes(entity.type)) ofType.add(entity.type)
    const arrows = removed.parents.filter(({ type }) => type === entity.type)
    if (arrows.length === 0 || entity.parentId === null) continue
    const parentType = (await store.find('resource', entity.parentId))?.entity.type
    if (arrows.some(({ parent }) => parent === parentType))
      underParent.add(`${entity.type} under ${parentType}`)
  }
  return [
    ...ofType.entries().map(
      ([slug, dependents]): ModelBlocker => ({
        part: 'resource_type',
        slug,
        dependents,
        remedy: `type \`${slug}\` still has ${dependents} resources: delete them, or keep the type`,
      }),
    ),
    ...underParent.entries().map(
      ([slug, dependents]): ModelBlocker => ({
        part: 'parent',
        slug,
        dependents,
        remedy: `${dependents} resources lie as \`${slug}\`: move them, or keep that parent`,
      }),
    ),
  ]
}

async function roleBlockers(
  store: Store,
  roles: ModelPlan['removed']['roles'],
): Promise<readonly ModelBlocker[]> {
  if (roles.length === 0) return []
  const slugs = new Map(roles.map(({ id, slug }) => [id, slug]))
  const held = new Counter()
  for await (const { entity } of all(store, 'membership')) {
    for (const id of entity.roleIds) held.add(slugs.get(id))
  }
  for await (const { entity } of all(store, 'assignment')) held.add(slugs.get(entity.roleId))
  return held.entries().map(
    ([slug, dependents]): ModelBlocker => ({
      part: 'role',
      slug,
      dependents,
      remedy: `role \`${slug}\` is still held ${dependents} times: take it back everywhere, or keep the role on its type`,
    }),
  )
}

async function* all<Kind extends EntityKind>(store: Store, kind: Kind): AsyncGenerator<Located<Kind>> {
  const limit = 1_000
  let after: string | undefined
  for (;;) {
    const page = await store.scan(kind, after === undefined ? { limit } : { after, limit })
    yield* page
    if (page.length < limit) return
    after = page.at(-1)?.entity.id
  }
}

class Counter {
  readonly #counts = new Map<string, number>()

  add(slug: string | undefined): void {
    if (slug !== undefined) this.#counts.set(slug, (this.#counts.get(slug) ?? 0) + 1)
  }

  entries(): readonly [string, number][] {
    return [...this.#counts].sort()
  }
}
