import type { EntityByKind, EntityKind } from '@bailiwick/core'
import type { EntitySource } from '../store/store.js'

const pageSize = 1_000

/** Every entity of a kind, over all organizations. What the model changes concerns them all. */
export async function* scanAll<Kind extends EntityKind>(
  store: EntitySource,
  kind: Kind,
): AsyncGenerator<EntityByKind[Kind]> {
  let after: string | undefined
  for (;;) {
    const page = await store.scan(kind, { limit: pageSize, ...(after !== undefined && { after }) })
    for (const { entity } of page) yield entity
    if (page.length < pageSize) return
    after = page.at(-1)?.entity.id
  }
}

/** How often each slug was met. */
export class Counter {
  readonly #counts = new Map<string, number>()

  add(slug: string | undefined): void {
    if (slug !== undefined) this.#counts.set(slug, (this.#counts.get(slug) ?? 0) + 1)
  }

  /** In the order of the slugs. */
  entries(): readonly (readonly [slug: string, count: number])[] {
    return [...this.#counts].sort()
  }
}
