import {
  EntityExists,
  EntityNotFound,
  isAuthorizationError,
  type NewUser,
  type OrganizationId,
  parseUserId,
  type User,
  type UserFields,
  type UserId,
  type Written,
} from '@bailiwick/core'
import { newId } from '../new-id.js'
import type { Store } from '../store/store.js'
import { profileChange, stubOf } from './user-fields.js'
import { type UsersContext, writeUser } from './write-user.js'

/**
 * Make a user. A stub under her id is filled, and not in the way.
 *
 * @throws {EntityExists} `user_exists` when the id, the email or the external id is taken; `field` says which.
 */
export async function createUser(context: UsersContext, input: NewUser): Promise<Written<User>> {
  const id = input.id === undefined ? newId<UserId>('user', context.ulid) : parseUserId(input.id, 'id')
  const change = profileChange(input)
  return writeUser(context, id, (before, at) => {
    if (before !== undefined && !isStub(before)) throw new EntityExists('user', id)
    const stub = before ?? stubOf(id, at)
    return put({ ...stub, ...change(stub), updatedAt: at })
  })
}

/** The user, or a stub with nothing but the id: for a membership of somebody of whom nothing is known yet. */
export async function ensureUser(context: UsersContext, userId: UserId): Promise<User> {
  const id = parseUserId(userId, 'id')
  const known = await findUser(context.store, { id })
  if (known !== undefined) return known
  const { value } = await writeUser(context, id, (before, at) =>
    before === undefined ? put(stubOf(id, at)) : { value: before },
  )
  return value
}

/** By id, by external id, or by email in any case. */
export async function findUser(
  store: Store,
  by: { readonly id: UserId } | { readonly externalId: string } | { readonly email: string },
): Promise<User | undefined> {
  if ('id' in by) return (await store.find('user', by.id))?.entity
  const one = { limit: 1 }
  const found = await ('email' in by
    ? store.lookup('user_email', by.email, one)
    : store.lookup('user_external_id', by.externalId, one))
  return found[0]?.entity
}

/**
 * Change what is known of a user. Another email is not verified, unless the change says so.
 *
 * @throws {EntityNotFound} `user_not_found`; {EntityExists} `user_exists` when the email or external id is taken.
 */
export async function updateUser(
  context: UsersContext,
  userId: UserId,
  fields: UserFields,
): Promise<Written<User>> {
  const id = parseUserId(userId, 'id')
  const change = profileChange(fields)
  return writeUser(context, id, (before, at) => {
    if (before === undefined) throw new EntityNotFound('user', id)
    return put({ ...before, ...change(before), updatedAt: at })
  })
}

/**
 * Remove a user: first her memberships everywhere, one by one, then herself. When it fails on the way, what is left
 * can be deleted again.
 *
 * @param deleteMembership - That of the engine: roles and groups go with it.
 * @throws {EntityNotFound} `user_not_found` when there was neither a user nor a membership of hers.
 */
export async function deleteUser(
  context: UsersContext,
  userId: UserId,
  deleteMembership: (organizationId: OrganizationId, ref: { readonly userId: UserId }) => Promise<unknown>,
): Promise<Written<undefined>> {
  const id = parseUserId(userId, 'id')
  let deleted = 0
  for (;;) {
    const page = await context.store.lookup('membership_user', id, { limit: 100 })
    if (page.length === 0) break
    for (const { entity } of page)
      await deleteMembership(entity.organizationId, { userId: id }).catch(unlessGone)
    deleted += page.length
  }
  return writeUser(context, id, (before) => {
    if (before === undefined && deleted === 0) throw new EntityNotFound('user', id)
    if (before === undefined) return { value: undefined }
    return { change: { op: 'remove', kind: 'user', id }, value: undefined }
  })
}

/** Somebody else deleted it meanwhile. */
function unlessGone(error: unknown): void {
  const gone = ['membership_not_found', 'organization_not_found']
  if (!isAuthorizationError(error) || !gone.includes(error.code)) throw error
}

function isStub({ id: _, createdAt, updatedAt, lastSignInAt, metadata, ...profile }: User): boolean {
  return Object.values(profile).every((value) => value === null || value === false) && isEmpty(metadata)
}

function isEmpty(metadata: User['metadata']): boolean {
  return Object.keys(metadata).length === 0
}

function put(entity: User) {
  return { change: { op: 'put', kind: 'user', entity }, value: entity } as const
}
