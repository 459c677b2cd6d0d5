import { environmentShard } from '@bailiwick/core'
import { z } from 'zod'
import { organizationId } from '../ids.js'
import { operation } from '../operation.js'
import { commaList } from '../primitives.js'
import { commit } from './stored.js'

const tag = 'Replication'

/** Where changes are told as server-sent events. It needs a key with the scope `read`. */
export const feedPath = '/changes'

/** Where one shard is told, line by line. It needs a key with the scope `read`. */
export const shardPath = '/replication/shards/{shard}'

/** An organization, or `environment`. */
export const shardId = z.union([z.literal(environmentShard), organizationId])

/** The query of the feed. */
export const feedQuery = z.object({
  /** The id of an event: go on after it. `start`: from the first commit on. Default: what happens from now on. */
  after: z.string().max(512).optional(),
  /** Up to 100 organizations, joined by commas, and the environment; default: everything. */
  organization_id: commaList(organizationId)
    .refine((ids) => ids.length <= 100, 'must be at most 100')
    .optional(),
})

/** `GET /replication/commits` */
export const listCommits = operation({
  id: 'listCommits',
  method: 'GET',
  path: '/replication/commits',
  summary: 'List what was committed to an organization, or to the environment, after a revision',
  tag,
  scope: 'read',
  status: 200,
  schemas: {
    query: z.object({
      shard: shardId,
      /** The last revision that is known. Beyond the latest, nothing follows. */
      after: z
        .string()
        .regex(/^\d{1,15}$/, 'must be a revision')
        .transform(Number),
    }),
    answer: z.object({
      object: z.literal('commits'),
      store: z.string(),
      shard: z.string(),
      /** The latest one. */
      revision: z.int().min(0),
      /** The revision of the environment that these rest on, or of a later one. */
      environment: z.int().min(0),
      /** Oldest first, at most 1 000: ask again while the last one is not the latest. */
      data: z.array(commit),
    }),
  },
})
