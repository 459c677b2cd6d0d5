import { EntityNotFound, type Membership, type User } from '@bailiwick/core'
import { type AuthenticationJson, renderUser } from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'
import { signAccessToken, type TokenSubject } from './access-token.js'
import { readJwtTemplate } from './jwt-template-note.js'
import { organizationStanding } from './organization-standing.js'
import type { LoginSession } from './session-book.js'
import type { SessionContext } from './session-context.js'

/** A session with those it is of. */
export interface SignedIn {
  readonly session: LoginSession
  readonly user: User
  /** The membership of the organization that is selected. */
  readonly membership: Membership | undefined
}

/** An access token for a session, as everything stands at this moment. @throws {JwtTemplateInvalid} */
export async function accessTokenFor(context: SessionContext, signedIn: SignedIn): Promise<string> {
  const { engine, keys, settings, clock } = context
  const { session, user, membership } = signedIn
  const member = membership && (await memberOf(engine, membership))
  const template = (await readJwtTemplate(engine.notebook))?.content
  const issue = { settings, template, nowSec: Math.floor(clock() / 1_000) }
  const subject: TokenSubject = { session, user, ...(member && { member }) }
  return signAccessToken(subject, issue, await keys.current(session.clientId))
}

/** What somebody who signs in is given: the access token, and a new refresh token beside it. */
export async function answerTokens(
  { refreshing }: SessionContext,
  { session, user, membership }: SignedIn,
  accessToken: string,
): Promise<AuthenticationJson> {
  return {
    user: renderUser(user),
    ...(membership && { organization_id: membership.organizationId }),
    access_token: accessToken,
    refresh_token: await refreshing.issue(session.id, session.expiresAt),
    authentication_method: 'ExternalAuth',
  }
}

async function memberOf(
  engine: ReadingEngine,
  membership: Membership,
): Promise<NonNullable<TokenSubject['member']>> {
  const [organization, standing] = await Promise.all([
    engine.getOrganization(membership.organizationId),
    organizationStanding(engine, membership),
  ])
  if (organization === undefined) throw new EntityNotFound('organization', membership.organizationId)
  return { organization, membership, standing }
}
