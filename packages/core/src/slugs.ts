import { InputInvalid } from './errors/input-errors.js'
import { limits } from './input.js'

const typeOrRole = /^[a-z][a-z0-9_-]*$/
const permission = /^[a-z][a-z0-9_:.*-]*$/

/** The slug of a resource type or of a role: 1 to 48 of `[a-z0-9_-]`, beginning with a letter. */
export function parseSlug(value: unknown, field: string): string {
  return parse(value, field, typeOrRole, '`-` or `_`')
}

/** The slug of a permission: 1 to 48 of `[a-z0-9_:.*-]`, beginning with a letter. A `*` is a plain character: nothing is a wildcard. */
export function parsePermissionSlug(value: unknown, field: string): string {
  return parse(value, field, permission, '`:`, `.`, `*`, `-` or `_`')
}

function parse(value: unknown, field: string, pattern: RegExp, marks: string): string {
  if (typeof value !== 'string' || value.length > limits.slugLength || !pattern.test(value)) {
    throw new InputInvalid(
      field,
      `must be 1 to ${limits.slugLength} lower-case letters, digits, ${marks}, beginning with a letter`,
      value,
    )
  }
  return value
}

/** The known slug closest to a mistyped one, or `undefined` when none is near enough to be meant. */
export function nearestSlug(mistyped: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(mistyped.length / 3)) + 1
  for (const slug of known) {
    if (Math.abs(slug.length - mistyped.length) >= bestDistance) continue
    const distance = editDistance(mistyped, slug)
    if (distance < bestDistance) {
      best = slug
      bestDistance = distance
    }
  }
  return best
}

/** Levenshtein distance, one row at a time. Callers bound the length: slugs are at most 48 characters. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] as number) + 1, (next[j - 1] as number) + 1))
    }
    row = next
  }
  return row[b.length] as number
}
