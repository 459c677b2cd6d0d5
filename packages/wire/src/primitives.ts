import { limits } from '@bailiwick/core'
import { z } from 'zod'

// What these refuse is named by `field`, `code` and a message that never shows the value.

/** The slug of a resource type or a role. */
export const slug = z
  .string()
  .max(limits.slugLength)
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be lower-case letters, digits, `-` and `_`, beginning with a letter')

/** The slug of a permission. */
export const permissionSlug = z
  .string()
  .max(limits.slugLength)
  .regex(
    /^[a-z][a-z0-9_:.*-]*$/,
    'must be lower-case letters, digits, `:`, `.`, `*`, `-` and `_`, beginning with a letter',
  )

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
const noControls = /^[^\u0000-\u001f\u007f-\u009f]*$/

/** A name of at most this many characters, on one line. */
export function nameUpTo(most: number) {
  return z.string().min(1).max(most).regex(noControls, 'must not contain control characters')
}

/** The name of a role, a permission, a resource or a resource type. */
export const shortName = nameUpTo(48)

/** The name of an organization or a group. */
export const longName = nameUpTo(limits.nameLength)

/** What a thing is for; `null` for nothing. */
export const description = z.string().max(150).nullable()

/** ISO 8601 with milliseconds and `Z`. */
export const timestamp = z.iso.datetime({ precision: 3 })

/** A date or an instant in a query. */
export const instant = z
  .string()
  .max(40)
  .refine((text) => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text)), {
    error: 'must be a date or an instant, as ISO 8601 has it',
  })
  .transform((text) => new Date(text).toISOString())

/** `true` or `false` in a query. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')

/** Values joined by commas in one parameter of a query, as the SDK sends arrays. */
export function commaList<Item extends z.ZodType<unknown, string>>(item: Item) {
  return z
    .string()
    .max(4_096)
    .transform((value) => value.split(','))
    .pipe(z.array(item) as unknown as z.ZodType<z.output<Item>[], string[]>)
}
