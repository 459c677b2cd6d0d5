import { z } from 'zod'
import { nameUpTo, timestamp } from '../primitives.js'

const scope = z.enum(['read', 'check', 'write', 'admin'])
const scopes = z.array(scope).min(1).max(4)

/** A key of the API: what it may, and never what it is. */
export const apiKeyJson = z.object({
  object: z.literal('api_key'),
  id: z.string(),
  name: z.string(),
  scopes,
  /** Its beginning and its end, to know it by. */
  hint: z.string(),
  created_at: timestamp,
  expires_at: timestamp.nullable(),
  revoked_at: timestamp.nullable(),
  /** Told to the minute. */
  last_used_at: timestamp.nullable(),
})

/** A key of the API as JSON. */
export type ApiKeyJson = z.input<typeof apiKeyJson>

/** A new key, with the key itself: it is shown this once. */
export const newApiKeyAnswer = apiKeyJson.extend({ secret: z.string() })

/** What a key is made of. */
export const newApiKeyJson = z.object({
  name: nameUpTo(100),
  scopes,
  expires_at: z.iso.datetime({ offset: true }).nullable().optional(),
})

/** How a key is replaced. */
export const rotateApiKeyJson = z
  .object({
    /** For how long the old one still holds. Default: a day. At most 30 days. */
    keep_old_for_sec: z.int().min(0).max(2_592_000).optional(),
  })
  .optional()

/** Which key. */
export const apiKeyParams = z.object({ api_key_id: z.string().regex(/^key_[A-Za-z0-9_-]{1,64}$/) })
