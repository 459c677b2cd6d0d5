import type {
  Cursor,
  Page,
  PageOptions,
  ResourceAddress,
  ResourceRef,
  ResourcesQuestion,
} from '@bailiwick/core'
import type { ReadingEngine } from '../http/reading-engine.js'

const defaultLimit = 10

/**
 * The direct children of a resource on which the permission holds, of every type that may live there. The engine
 * lists one type at a time, ordered by id; so a page is what comes first of the pages of all types.
 */
export async function listChildren(
  engine: ReadingEngine,
  question: Omit<ResourcesQuestion, 'type' | 'under' | 'depth'>,
  under: ResourceRef,
  types: readonly string[],
  options: PageOptions,
): Promise<Page<ResourceAddress>> {
  const pages: Page<ResourceAddress>[] = []
  for (const type of types)
    pages.push(await engine.listResources({ ...question, type, under, depth: 'children' }, options))
  const [only] = pages
  if (only !== undefined && pages.length === 1) return only
  return merge(pages, options)
}

function merge(
  pages: readonly Page<ResourceAddress>[],
  { limit = defaultLimit, before, order = 'asc' }: PageOptions,
): Page<ResourceAddress> {
  const sign = order === 'asc' ? 1 : -1
  const all = pages.flatMap(({ items }) => items).sort((one, other) => (one.id < other.id ? -sign : sign))
  const items = before === undefined ? all.slice(0, limit) : all.slice(Math.max(0, all.length - limit))
  const left = all.length > items.length
  return {
    items,
    before: placeOf(items[0], (before !== undefined && left) || pages.some((page) => page.before !== null)),
    after: placeOf(items.at(-1), (before === undefined && left) || pages.some((page) => page.after !== null)),
  }
}

// An id of the list's own kind is a place in it.
function placeOf(item: ResourceAddress | undefined, more: boolean): Cursor | null {
  return item === undefined || !more ? null : (item.id as string as Cursor)
}
