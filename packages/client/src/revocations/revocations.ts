import {
  type Commit,
  Misconfigured,
  RevocationsUnavailable,
  type Session,
  SessionInvalid,
} from '@bailiwick/core'

/** What is over before its tokens are. An application may keep it where it likes, and bring it as this. */
export interface RevokedSessions {
  /** Asked of every request, with a session whose token holds. Rejecting is an error (503), never a pass. */
  isRevoked(session: Session): boolean | Promise<boolean>
}

export interface RevocationsOptions {
  /**
   * How long a revocation is remembered, in seconds: as long as a token can live. Default 86 400, which is the
   * longest that a verifier takes unless `maxLifetimeSec` says otherwise.
   */
  readonly rememberForSec?: number
  /** The time as Unix milliseconds, for tests. Default `Date.now`. */
  readonly clock?: () => number
}

/**
 * Logins, users and memberships whose tokens are refused from now on, in the memory of this process. Of a user or a
 * membership, what is refused are the tokens issued until then: whoever signs in anew is back. A login stays over.
 *
 * Nothing is dropped before its time, so that nobody brings a revocation to be forgotten by making many. Each takes
 * some hundred bytes.
 *
 * @example
 * const revocations = new Revocations()
 * const authz = createAuthorizer({ engine, session, revocations })
 * app.post('/sign-out', requireSession(), (req, res) => { revocations.revokeSession(req.authz.session.sessionId) … })
 */
export class Revocations implements RevokedSessions {
  /** By what is revoked: the last second, since 1970, whose tokens are refused. Oldest first. */
  readonly #until = new Map<string, number>()
  readonly #rememberForSec: number
  readonly #clock: () => number

  constructor({ rememberForSec = 86_400, clock = Date.now }: RevocationsOptions = {}) {
    if (!Number.isInteger(rememberForSec) || rememberForSec < 1) {
      throw new Misconfigured('`rememberForSec` must be a whole number of seconds, at least 1')
    }
    this.#rememberForSec = rememberForSec
    this.#clock = clock
  }

  /** A login (`sid`) is over, on all devices that share it. */
  revokeSession(sessionId: string): void {
    this.#revoke(`sid ${sessionId}`)
  }

  /** Every token of a user, whatever the organization. */
  revokeUser(userId: string): void {
    this.#revoke(`sub ${userId}`)
  }

  /** Every token that names a membership. */
  revokeMembership(membershipId: string): void {
    this.#revoke(`membership ${membershipId}`)
  }

  /** Hear a commit of the change feed: what is deactivated, deleted, or of a deleted user, is revoked. */
  hear({ changes }: Commit): void {
    for (const change of changes) {
      if (change.op === 'remove') {
        if (change.kind === 'membership') this.revokeMembership(change.id)
        if (change.kind === 'user') this.revokeUser(change.id)
      } else if (change.kind === 'membership' && change.entity.status !== 'active') {
        const { id, organizationId, userId } = change.entity
        this.revokeMembership(id)
        this.#revoke(memberName(organizationId, userId))
      }
    }
  }

  isRevoked({ sessionId, userId, membershipId, organizationId, issuedAt }: Session): boolean {
    const refused = (name: string) => {
      const until = this.#until.get(name)
      return until !== undefined && issuedAt <= until
    }
    return (
      refused(`sub ${userId}`) ||
      // A login that is over never begins again: a token that was refreshed meanwhile is no newer than that.
      (sessionId !== undefined && this.#until.has(`sid ${sessionId}`)) ||
      (membershipId !== undefined && refused(`membership ${membershipId}`)) ||
      (organizationId !== undefined && refused(memberName(organizationId, userId)))
    )
  }

  #revoke(name: string): void {
    const now = Math.floor(this.#clock() / 1_000)
    for (const [oldest, until] of this.#until) {
      if (until + this.#rememberForSec >= now) break
      this.#until.delete(oldest)
    }
    this.#until.delete(name)
    this.#until.set(name, now)
  }
}

/** For tokens that do not name their membership. As JSON, so that no two pairs have one name. */
function memberName(organizationId: string, userId: string): string {
  return `member ${JSON.stringify([organizationId, userId])}`
}

/** @throws {SessionInvalid} `session_revoked` for a session that is over; {RevocationsUnavailable}. */
export async function refuseRevoked(session: Session, revoked: RevokedSessions): Promise<void> {
  // Anything but a plain no is a yes: a list that answers `undefined` has not looked.
  if ((await ask(session, revoked)) !== false) {
    throw new SessionInvalid('session_revoked', 'the session has been ended: sign in again')
  }
}

async function ask(session: Session, revoked: RevokedSessions): Promise<boolean> {
  try {
    return await revoked.isRevoked(session)
  } catch (cause) {
    throw new RevocationsUnavailable({ cause })
  }
}
