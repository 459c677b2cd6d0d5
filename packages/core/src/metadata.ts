import { InputInvalid } from './errors/input-errors.js'
import { isWellFormed, limits } from './input.js'

/** What an application keeps with an entity of its own accord. */
export type Metadata = Readonly<Record<string, string>>

/** What is given for it: an empty or `null` value takes its key away. */
export type MetadataChanges = Readonly<Record<string, string | null>>

/**
 * Text under short names: keys of 1 to 40 characters, values of at most 600.
 *
 * @throws {InputInvalid} naming `field` and the limit.
 */
export function parseMetadata(value: unknown, field = 'metadata'): MetadataChanges {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputInvalid(field, 'must be an object of texts', value)
  const entries = Object.entries(value)
  for (const [key, text] of entries) {
    if (key.length === 0 || key.length > limits.metadataKeyLength || !isWellFormed(key))
      throw new InputInvalid(field, `must have keys of 1 to ${limits.metadataKeyLength} characters`, key)
    if (text !== null && !isFitting(text)) {
      const rule = `must have texts of at most ${limits.metadataValueLength} characters as values`
      throw new InputInvalid(field, rule, text)
    }
  }
  return Object.fromEntries(entries) as MetadataChanges
}

/**
 * Metadata after a change: keys that are not named stay as they are.
 *
 * @throws {InputInvalid} when it comes to more than 50 keys.
 */
export function mergeMetadata(before: Metadata, changes: MetadataChanges, field = 'metadata'): Metadata {
  // A map on the way, for `__proto__` is a key like any other.
  const merged = new Map(Object.entries(before))
  for (const [key, text] of Object.entries(changes)) {
    if (text === null || text === '') merged.delete(key)
    else merged.set(key, text)
  }
  if (merged.size > limits.metadataKeys)
    throw new InputInvalid(field, `must come to at most ${limits.metadataKeys} keys`, merged.size)
  return Object.fromEntries(merged)
}

function isFitting(text: unknown): boolean {
  return typeof text === 'string' && text.length <= limits.metadataValueLength && isWellFormed(text)
}
