import { limits, type OrganizationId } from '@bailiwick/core'
import type { Operation } from '@bailiwick/wire'
import type { Parameters } from '../path-of.js'
import type { Service } from '../service.js'

interface ListJson<Json> {
  readonly data: readonly Json[]
  readonly list_metadata: { readonly after: string | null }
}

/** A list of an organization, and how to read it. */
export interface Listing<Json, Item> {
  readonly operation: Pick<Operation, 'method' | 'path'> & {
    readonly schemas: { readonly answer: { parse(json: unknown): ListJson<Json> } }
  }
  readonly organizationId: OrganizationId
  readonly params?: Parameters
  readonly query?: Parameters
  readonly item: (json: Json) => Item
}

/** Every item of a list, page by page, in the order in which they were made. */
export async function everyItem<Json, Item>(
  service: Service,
  { operation, organizationId, params = {}, query = {}, item }: Listing<Json, Item>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  let after: string | undefined
  do {
    const page = await service.ask(
      {
        operation,
        params,
        query: { ...query, limit: limits.pageSize, order: 'asc', after },
        read: (json) => operation.schemas.answer.parse(json),
      },
      organizationId,
    )
    items.push(...page.data.map(item))
    after = page.list_metadata.after ?? undefined
  } while (after !== undefined)
  return items
}
