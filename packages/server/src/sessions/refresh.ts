import type { Membership, OrganizationId, UserId } from '@bailiwick/core'
import { type AuthenticationJson, GrantInvalid } from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'
import { accessTokenFor, answerTokens } from './issue-tokens.js'
import type { LoginSession } from './session-book.js'
import type { SessionContext } from './session-context.js'

/** What is offered for new tokens. */
export interface Refresh {
  readonly token: string
  readonly clientId: string
  /** Go over to this organization. Default: stay. */
  readonly organizationId?: OrganizationId | undefined
}

/**
 * Trade a refresh token for new tokens. Whatever stands against it is looked at before the token is spent, so that
 * a mistaken organization costs nobody her session.
 *
 * A token that was spent long ago ends the session: of the two who hold it, one has stolen it (RFC 9700 section
 * 4.14.2). A moment ago is no theft, but two tabs.
 *
 * @throws {GrantInvalid} whatever is wrong.
 */
export async function refresh(context: SessionContext, asked: Refresh): Promise<AuthenticationJson> {
  const { engine, sessions, refreshing, clock } = context
  const session = await liveSession(context, asked)
  const user = await engine.findUser({ id: session.userId })
  // Ids of other providers come again: whoever was made after the sign-in is not who signed in.
  if (user === undefined || Date.parse(user.createdAt) > session.createdAt) {
    throw new GrantInvalid('the user does not exist any more')
  }
  const organizationId = asked.organizationId ?? session.organizationId
  const membership =
    organizationId === null ? undefined : await activeMembership(engine, organizationId, user.id)
  const next = { ...session, organizationId, updatedAt: clock() }
  const signedIn = { session: next, user, membership }
  const accessToken = await accessTokenFor(context, signedIn)

  const spent = await refreshing.spend(asked.token, session.expiresAt)
  if (spent === 'spent_before') await sessions.end(session, clock())
  if (spent !== 'spent') throw new GrantInvalid('the refresh token has been used already')
  await sessions.write(next)
  return answerTokens(context, signedIn, accessToken)
}

async function liveSession(
  { refreshing, sessions }: SessionContext,
  { token, clientId }: Refresh,
): Promise<LoginSession> {
  const id = await refreshing.sessionOf(token)
  const known = id === undefined ? undefined : await sessions.find(id)
  if (known === undefined || known.clientId !== clientId) {
    throw new GrantInvalid('the refresh token is not known to this client, or has expired')
  }
  const { endedAt, ...session } = known
  if (endedAt !== null) throw new GrantInvalid('the session has ended')
  return session
}

async function activeMembership(
  engine: ReadingEngine,
  organizationId: OrganizationId,
  userId: UserId,
): Promise<Membership> {
  const exists = (await engine.getOrganization(organizationId)) !== undefined
  const membership = exists ? await engine.findMembership(organizationId, { userId }) : undefined
  if (membership?.status !== 'active') {
    throw new GrantInvalid(`the user is no active member of \`${organizationId}\``)
  }
  return membership
}
