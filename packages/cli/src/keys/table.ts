import type { ShownKey } from './key-desk.js'

/** Keys as lines of text, one each. Names are escaped: they come from whoever made the key. */
export function table(keys: readonly ShownKey[], now: number): string {
  if (keys.length === 0) return 'no keys'
  const rows = keys.map((key) => [
    key.id,
    JSON.stringify(key.name),
    key.scopes.join(','),
    key.hint,
    standing(key, now),
    key.lastUsedAt === null ? 'never used' : `used ${key.lastUsedAt}`,
  ])
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function standing({ revokedAt, expiresAt }: ShownKey, now: number): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`
  if (expiresAt === null) return 'holds'
  return Date.parse(expiresAt) > now ? `holds until ${expiresAt}` : `expired ${expiresAt}`
}
