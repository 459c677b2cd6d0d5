import type { SessionJson } from '@bailiwick/wire'
import type { KnownSession } from './session-book.js'

/** The JSON of a session. @param now - Milliseconds since 1970. */
export function renderSession(session: KnownSession, now: number): SessionJson {
  const { organizationId, endedAt, expiresAt } = session
  const status = endedAt !== null ? 'revoked' : expiresAt <= now ? 'expired' : 'active'
  return {
    object: 'session',
    id: session.id,
    user_id: session.userId,
    ...(organizationId !== null && { organization_id: organizationId }),
    ip_address: null,
    user_agent: null,
    auth_method: 'external_auth',
    status,
    expires_at: instant(expiresAt),
    ended_at: endedAt === null ? null : instant(endedAt),
    created_at: instant(session.createdAt),
    updated_at: instant(endedAt ?? session.updatedAt),
  }
}

function instant(ms: number): string {
  return new Date(ms).toISOString()
}
