import { EntityNotFound, type Membership, type UserId } from '@bailiwick/core'
import { type AuthenticationJson, MembershipNotActive } from '@bailiwick/wire'
import { ulid } from 'ulid'
import { accessTokenFor, answerTokens } from './issue-tokens.js'
import type { LoginSession } from './session-book.js'
import type { SessionContext } from './session-context.js'

/** Who signs in. */
export interface Arrival {
  /** A membership; or a user who has not chosen an organization. */
  readonly who: Membership | { readonly userId: UserId }
  readonly clientId?: string | undefined
  readonly entitlements?: readonly string[] | undefined
  readonly featureFlags?: readonly string[] | undefined
}

/**
 * Begin a session.
 *
 * @throws {MembershipNotActive} for a membership that is not active; {EntityNotFound} for a user who is not known.
 */
export async function signIn(context: SessionContext, arrival: Arrival): Promise<AuthenticationJson> {
  const membership = 'id' in arrival.who ? arrival.who : undefined
  if (membership !== undefined && membership.status !== 'active') {
    throw new MembershipNotActive(membership.id)
  }
  const user = await context.engine.findUser({ id: arrival.who.userId })
  if (user === undefined) throw new EntityNotFound('user', arrival.who.userId)
  const session = newSession(context, arrival, membership)
  const signedIn = { session, user, membership }
  const accessToken = await accessTokenFor(context, signedIn)
  await context.sessions.write(session)
  return answerTokens(context, signedIn, accessToken)
}

function newSession(
  { clock, settings }: SessionContext,
  { who, clientId = settings.clientId, entitlements = [], featureFlags = [] }: Arrival,
  membership: Membership | undefined,
): LoginSession {
  const now = clock()
  return {
    id: `session_${ulid(now)}`,
    userId: who.userId,
    clientId,
    organizationId: membership?.organizationId ?? null,
    entitlements,
    featureFlags,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + settings.sessionSec * 1_000,
  }
}
