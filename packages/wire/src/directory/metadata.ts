import { z } from 'zod'

/** What an application keeps with an organization or a user. */
export const metadataJson = z.record(z.string(), z.string())

/**
 * What is given for it: an empty or `null` value takes its key away. Limits are the engine's, since they hold after
 * the change; and `__proto__` is a key like any other.
 */
export const metadataChanges = z.record(z.string(), z.string().nullable())
