import type { EntityPage, EntityPageOptions, OrganizationId, Timestamp, User, UserId } from '@bailiwick/core'
import { anyId, entityPage } from '../administration/entity-page.js'
import { fromSorted } from '../administration/rows.js'
import type { StorePage } from '../store/range.js'
import type { Store } from '../store/store.js'
import { stubOf } from './user-fields.js'

/** Whom to list: everybody, whoever has an email, whoever has a membership of an organization. */
export interface UsersFilter {
  readonly email?: string
  readonly organizationId?: OrganizationId
}

/** Users in the order of their ids. @throws {InputInvalid} for a page beyond its limits. */
export async function listUsers(
  store: Store,
  filter: UsersFilter,
  options: EntityPageOptions = {},
): Promise<EntityPage<User>> {
  return entityPage(options, anyId, ({ id }) => id, await readerOf(store, filter))
}

type Reader = (page: StorePage) => Promise<readonly User[]>

async function readerOf(store: Store, { email, organizationId }: UsersFilter): Promise<Reader> {
  const entities = (located: readonly { readonly entity: User }[]) => located.map(({ entity }) => entity)
  if (organizationId === undefined) {
    if (email === undefined) return async (page) => entities(await store.scan('user', page))
    return async (page) => entities(await store.lookup('user_email', email, page))
  }
  const members = await membersOf(store, organizationId)
  if (email === undefined) return (page) => usersAmong(store, members, page)
  const found = entities(await store.lookup('user_email', email, { limit: 1 }))
  const held = members.filter(({ id }) => found.some((user) => user.id === id))
  return (page) => usersAmong(store, held, page)
}

/** A user of whom perhaps nothing is stored. */
interface Member {
  readonly id: UserId
  readonly since: Timestamp
}

const pageSize = 1_000

/** Sorted; each once, for a user has one membership of an organization. */
async function membersOf(store: Store, shard: OrganizationId): Promise<readonly Member[]> {
  const members: Member[] = []
  let after: string | undefined
  for (;;) {
    const page = await store.scan('membership', {
      shard,
      limit: pageSize,
      ...(after !== undefined && { after }),
    })
    for (const { entity } of page) members.push({ id: entity.userId, since: entity.createdAt })
    if (page.length < pageSize) return members.sort((one, other) => (one.id < other.id ? -1 : 1))
    after = page.at(-1)?.entity.id
  }
}

async function usersAmong(
  store: Store,
  sorted: readonly Member[],
  page: StorePage,
): Promise<readonly User[]> {
  const members = fromSorted(sorted, page)
  return Promise.all(
    members.map(async ({ id, since }) => (await store.find('user', id))?.entity ?? stubOf(id, since)),
  )
}
