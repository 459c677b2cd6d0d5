import { createHash, randomBytes } from 'node:crypto'
import type { Notebook } from '@bailiwick/core'

/** What became of a refresh token when somebody came to spend it. */
export type Spent =
  | 'spent'
  /** Spent a moment ago: two tabs, or a request that was sent again. */
  | 'just_spent'
  /** Spent long ago: whoever holds it now is perhaps not who was given it. */
  | 'spent_before'

/** Tokens that are good for one exchange. Of each only a hash is kept. */
export interface RefreshTokens {
  /** @param expiresAt - Milliseconds since 1970. */
  issue(sessionId: string, expiresAt: number): Promise<string>
  /** The session that a token belongs to, spent or not; `undefined` for one that is none of ours, or expired. */
  sessionOf(token: string): Promise<string | undefined>
  /** Of many who spend the same token, one succeeds. */
  spend(token: string, expiresAt: number): Promise<Spent>
}

const issued = 'refresh_tokens'
const spent = 'spent_refresh_tokens'
const momentMs = 30_000

/** @param clock - Milliseconds since 1970. */
export function refreshTokens(notebook: Notebook, clock: () => number): RefreshTokens {
  return {
    issue: async (sessionId, expiresAt) => {
      const token = randomBytes(32).toString('base64url')
      await notebook.write(issued, hashOf(token), sessionId, { expiresAt })
      return token
    },
    sessionOf: (token) => notebook.read(issued, hashOf(token)),
    spend: async (token, expiresAt) => {
      const key = hashOf(token)
      if (await notebook.insert(spent, key, String(clock()), { expiresAt })) return 'spent'
      const at = Number(await notebook.read(spent, key))
      return clock() - at < momentMs ? 'just_spent' : 'spent_before'
    },
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
