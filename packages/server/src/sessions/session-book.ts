import type { Notebook, OrganizationId, UserId } from '@bailiwick/core'

/** One login of one user. Times are milliseconds since 1970. */
export interface LoginSession {
  readonly id: string
  readonly userId: UserId
  readonly clientId: string
  /** The organization that is selected. */
  readonly organizationId: OrganizationId | null
  readonly entitlements: readonly string[]
  readonly featureFlags: readonly string[]
  readonly createdAt: number
  readonly updatedAt: number
  readonly expiresAt: number
}

/** A session, and when it was revoked or logged out, if it was. */
export type KnownSession = LoginSession & { readonly endedAt: number | null }

/** Where sessions are kept, until they expire. */
export interface SessionBook {
  find(id: string): Promise<KnownSession | undefined>
  /** Newest first. */
  ofUser(userId: UserId): Promise<readonly KnownSession[]>
  write(session: LoginSession): Promise<void>
  /** End a session, for good. Ending it twice changes nothing. */
  end(session: LoginSession, at: number): Promise<void>
}

const bucket = 'sessions'
// Apart from the session, and only ever inserted: a refresh that is under way cannot undo it.
const endedBucket = 'ended_sessions'

/** Sessions in the notebook of the store. */
export function sessionBook(notebook: Notebook): SessionBook {
  const find: SessionBook['find'] = async (id) => {
    const [session, ended] = await Promise.all([notebook.read(bucket, id), notebook.read(endedBucket, id)])
    if (session === undefined) return undefined
    return { ...(JSON.parse(session) as LoginSession), endedAt: ended === undefined ? null : Number(ended) }
  }
  return {
    find,
    ofUser: async (userId) => {
      const listed = await notebook.list(bucketOf(userId))
      const found = await Promise.all(listed.map(({ key }) => find(key)))
      return found
        .filter((session) => session !== undefined)
        .sort((one, other) => (one.id < other.id ? 1 : -1))
    },
    write: async (session) => {
      const { id, userId, expiresAt } = session
      // The list first: what it names without there being a session is left out of it.
      await notebook.insert(bucketOf(userId), id, '', { expiresAt })
      await notebook.write(bucket, id, JSON.stringify(session), { expiresAt })
    },
    end: async ({ id, expiresAt }, at) => {
      await notebook.insert(endedBucket, id, String(at), { expiresAt })
    },
  }
}

function bucketOf(userId: UserId): string {
  return `${bucket}_of/${userId}`
}
