import type {
  AnyEntity,
  Change,
  EntityByKind,
  EntityKind,
  MembershipId,
  MembershipRecord,
  Organization,
  OrganizationId,
  Resource,
  ResourceId,
  ShardId,
  User,
} from '@bailiwick/core'
import type { CommitDraft, Store } from '../store/store.js'

const at = '2026-01-05T10:00:00.000Z'

/** Two customers. */
export const acme = 'org_acme' as OrganizationId
export const globex = 'org_globex' as OrganizationId

/** A membership of `acme` under any id, also one that no parser would let pass. */
export function member(id: string, over: Partial<MembershipRecord> = {}) {
  const entity: MembershipRecord = {
    id: id as MembershipId,
    organizationId: acme,
    userId: `user of ${id}`,
    status: 'active',
    roleIds: [],
    rolesChosen: true,
    rolesOverrideDirectory: false,
    directoryGroups: { sso: null, directory: null },
    createdAt: at,
    updatedAt: at,
    ...over,
  }
  return { kind: 'membership', entity } as const
}

/** A resource of `acme`. */
export function resource(id: string, over: Partial<Resource> = {}) {
  const entity: Resource = {
    id: id as ResourceId,
    organizationId: acme,
    type: 'project',
    externalId: id,
    name: id,
    description: null,
    parentId: null,
    createdAt: at,
    updatedAt: at,
    ...over,
  }
  return { kind: 'resource', entity } as const
}

/** A customer under any id. */
export function organization(id: string, over: Partial<Organization> = {}) {
  const entity: Organization = {
    id: id as OrganizationId,
    name: id,
    externalId: null,
    domains: [],
    metadata: {},
    createdAt: at,
    updatedAt: at,
    ...over,
  }
  return { kind: 'organization', entity } as const
}

/** A person under any id. */
export function user(id: string, over: Partial<User> = {}) {
  const entity: User = {
    id,
    email: null,
    emailVerified: false,
    firstName: null,
    lastName: null,
    externalId: null,
    profilePictureUrl: null,
    locale: null,
    lastSignInAt: null,
    metadata: {},
    createdAt: at,
    updatedAt: at,
    ...over,
  }
  return { kind: 'user', entity } as const
}

export function put(entity: AnyEntity): Change {
  return { op: 'put', ...entity }
}

export function remove({ kind, entity }: AnyEntity): Change {
  return { op: 'remove', kind, id: entity.id }
}

export function draft(...changes: Change[]): CommitDraft {
  return { at, changes }
}

/** Append drafts that must be stored, and return the revision reached. */
export async function stored(
  store: Store,
  shard: ShardId,
  expected: number,
  ...drafts: [CommitDraft, ...CommitDraft[]]
): Promise<number> {
  const result = await store.append(shard, expected, drafts)
  if (result.kind !== 'appended') throw new Error(`expected an append, got ${JSON.stringify(result)}`)
  return result.revision
}

/** What a shard holds, in an order that can be compared. */
export async function contentOf(store: Store, shard: ShardId): Promise<readonly AnyEntity[]> {
  return ordered((await store.load(shard))?.entities ?? [])
}

export function ordered(entities: Iterable<AnyEntity>): readonly AnyEntity[] {
  return [...entities].sort((a, b) => compare(a.kind, b.kind) || compare<string>(a.entity.id, b.entity.id))
}

/** The ids that a scan meets, page by page. */
export async function scannedIds<Kind extends EntityKind>(
  store: Store,
  kind: Kind,
  limit: number,
): Promise<readonly EntityByKind[Kind]['id'][]> {
  const ids: EntityByKind[Kind]['id'][] = []
  for (;;) {
    const after = ids.at(-1)
    const page = await store.scan(kind, after === undefined ? { limit } : { after, limit })
    if (page.length > limit) throw new Error(`a page of at most ${limit} holds ${page.length}`)
    if (page.length === 0) return ids
    // A page that does not move on would never end.
    if (after !== undefined && page.some(({ entity }) => entity.id <= after))
      throw new Error(`again: ${after}`)
    ids.push(...page.map(({ entity }) => entity.id))
  }
}

function compare<Value>(a: Value, b: Value): number {
  return a < b ? -1 : a > b ? 1 : 0
}
