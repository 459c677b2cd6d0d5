import type { AnyEntity, Change, Commit, Origin, ShardId } from '@bailiwick/core'
import { z } from 'zod'

// What is stored goes over the wire as it is stored: whoever keeps a copy of it is the same engine. Both ends may be
// of different releases, so that fields which one of them does not know pass through.

const kinds = [
  'organization',
  'membership',
  'resource',
  'assignment',
  'group',
  'group_member',
  'organization_role',
  'role_order',
  'mapping',
  'exclusion',
  'resource_type',
  'permission',
  'role',
  'settings',
  'user',
  'api_key',
  'webhook_endpoint',
  'jwt_template',
  'signing_key',
] as const satisfies readonly AnyEntity['kind'][]

const kind = z.enum(kinds)
const entity = z.looseObject({ id: z.string() })
const revision = z.int().min(0)

const storedEntity = z.object({ kind, entity })

const change = z.discriminatedUnion('op', [
  z.object({ op: z.literal('put'), kind, entity }),
  z.object({ op: z.literal('remove'), kind, id: z.string() }),
])

const actor = z.looseObject({ type: z.string(), id: z.string(), name: z.string().optional() })

const origin = z.looseObject({
  actor,
  via: actor.optional(),
  requestId: z.string().optional(),
  reason: z.string().optional(),
})

/** One commit, as it is stored. */
export const commit = z.object({
  shard: z.string(),
  /** How many commits its shard has seen with it. */
  revision: z.int().min(1),
  /** ISO 8601 with milliseconds and `Z`. */
  at: z.string(),
  changes: z.array(change),
  /** Absent where nobody said. */
  origin: origin.optional(),
})

type CommitJson = z.infer<typeof commit>

/** Tell a commit. */
export function renderCommit({ shard, revision, at, origin, changes }: Commit): CommitJson {
  return {
    shard,
    revision,
    at,
    ...(origin === undefined ? {} : { origin: origin as CommitJson['origin'] }),
    changes: changes as unknown as CommitJson['changes'],
  }
}

/** Read a commit. @throws {z.ZodError} for what is none. */
export function parseCommit(json: unknown): Commit {
  const { shard, changes, origin, ...rest } = commit.parse(json)
  return {
    ...rest,
    shard: shard as ShardId,
    changes: changes as unknown as readonly Change[],
    ...(origin === undefined ? {} : { origin: origin as Origin }),
  }
}

/** The first line of a shard: what follows, and at which revision. */
export const shardHead = z.object({
  store: z.string(),
  shard: z.string(),
  revision,
  /** The revision of the environment that it rests on, or of a later one. */
  environment: revision,
})

/** The last line of a shard: how many entities stood before it. A shard without it was cut. */
export const shardEnd = z.object({ end: z.int().min(0) })

/** Read a line between the two. @throws {z.ZodError} for what is no entity. */
export function parseStoredEntity(json: unknown): AnyEntity {
  return storedEntity.parse(json) as unknown as AnyEntity
}
