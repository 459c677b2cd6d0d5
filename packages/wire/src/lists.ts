import { type EntityPageOptions, limits } from '@bailiwick/core'
import { z } from 'zod'

/** A place in a list: an id of something in it, or what an answer named in `list_metadata`. */
const place = z
  .string()
  .min(1)
  .max(1_024)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII')

/** The query of every list that has pages. With filters: `z.object({ ...listFields, … })`. */
export const listFields = {
  /** 1 to 100, default 10. */
  limit: z
    .string()
    .regex(/^(100|[1-9][0-9]?)$/, `must be a whole number of 1 to ${limits.pageSize}`)
    .transform(Number)
    .optional(),
  before: place.optional(),
  after: place.optional(),
  order: z.enum(['asc', 'desc', 'normal']).optional(),
}

/** The query of a list without filters. */
export const listQuery = z.object(listFields)

/** What a list query yields. */
export type ListQuery = z.output<typeof listQuery>

/**
 * The page that a query asks for, newest first unless it says otherwise. `normal` is descending as well, with the
 * places the other way round: `before` leads to what is older, `after` to what is newer.
 */
export function pageOf(query: ListQuery): EntityPageOptions & { readonly order: 'asc' | 'desc' } {
  const [after, before] = query.order === 'normal' ? [query.before, query.after] : [query.after, query.before]
  return {
    ...(query.limit === undefined ? {} : { limit: query.limit }),
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
    order: query.order === 'asc' ? 'asc' : 'desc',
  }
}

/** Part of a list, as the engine gives it. */
export interface ListPage<Item> {
  readonly items: readonly Item[]
  readonly before: string | null
  readonly after: string | null
}

/** The JSON of a list. */
export interface RenderedList<Item> {
  object: 'list'
  data: Item[]
  list_metadata: { before: string | null; after: string | null }
}

/** Part of a list as JSON. @param query - The query it answers: its order says which way the places lead. */
export function renderList<Item, Json>(
  page: ListPage<Item>,
  renderItem: (item: Item) => Json,
  query: Pick<ListQuery, 'order'>,
): RenderedList<Json> {
  const { before, after } = page
  return {
    object: 'list',
    data: page.items.map(renderItem),
    list_metadata: query.order === 'normal' ? { before: after, after: before } : { before, after },
  }
}

/** The schema of an answered list. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    object: z.literal('list'),
    data: z.array(item),
    list_metadata: z.object({ before: z.string().nullable(), after: z.string().nullable() }),
  })
}
