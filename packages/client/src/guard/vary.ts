/**
 * The `Vary` header of a response that depends on the session: what it says already, and where the session
 * comes from.
 */
export function varyBySession(current: unknown, from: { readonly cookies: boolean }): string {
  // Nearly always: every request asks.
  if (current === undefined) return from.cookies ? 'Authorization, Cookie' : 'Authorization'
  const sources = from.cookies ? ['Authorization', 'Cookie'] : ['Authorization']
  const names = new Map<string, string>()
  for (const name of [...String(current).split(','), ...sources]) {
    if (name.trim() !== '' && !names.has(name.trim().toLowerCase())) {
      names.set(name.trim().toLowerCase(), name.trim())
    }
  }
  return names.has('*') ? '*' : [...names.values()].join(', ')
}

/** What one session may see, a shared cache must not keep for the next. A handler may say otherwise. */
export const privateResponse = 'private, no-store'
