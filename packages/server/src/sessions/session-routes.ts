import { EntityNotFound, NotFound } from '@bailiwick/core'
import {
  authenticate,
  getJwtTemplate,
  getKeySet,
  listSessions,
  logOut,
  MintingDisabled,
  type MintJson,
  mintSession,
  pageOf,
  putJwtTemplate,
  RequestInvalid,
  renderList,
  revokeSession,
  rotateSigningKeys,
} from '@bailiwick/wire'
import { requireOrganization } from '../authorization/require-organization.js'
import { pageOfAll } from '../extensions/page-of-all.js'
import type { ReadingEngine } from '../http/reading-engine.js'
import { type Route, route, type Service } from '../http/route.js'
import { type JwtTemplate, readJwtTemplate, writeJwtTemplate } from './jwt-template-note.js'
import { refresh } from './refresh.js'
import { renderSession } from './render-session.js'
import { mayReturnTo } from './return-origin.js'
import { sessionContext } from './session-context.js'
import { type Arrival, signIn } from './sign-in.js'

/** Sign-ins, the keys behind them, and the template of their claims. */
export function sessionRoutes({ engine, engineFor, clock, sessions: settings }: Service): readonly Route[] {
  const context = sessionContext(engine, clock, settings)
  const { keys, sessions } = context
  return [
    route(getKeySet, async ({ params }) => {
      // The application may ask before the first sign-in, and would remember for minutes that there is no key.
      if (params.client_id === settings.clientId) await keys.current(params.client_id)
      return { body: { keys: [...(await keys.published(params.client_id))] } }
    }),
    route(rotateSigningKeys, async ({ params: { client_id: clientId } }, context) => {
      const id = await keys.rotate(clientId)
      const body = { keys: [...(await keys.published(clientId))] }
      // Who made it has told of it.
      if (id === undefined) return { body }
      const entity = { id, clientId, createdAt: new Date(clock()).toISOString() }
      const { token } = await engineFor(context).recordPart({ op: 'put', kind: 'signing_key', entity })
      return { body, token }
    }),
    route(mintSession, async ({ body }) => {
      if (settings.minting === 'disabled') throw new MintingDisabled()
      const { client_id: clientId, entitlements, feature_flags: featureFlags } = body
      const who = await arriving(engine, body)
      return { body: await signIn(context, { who, clientId, entitlements, featureFlags }) }
    }),
    route(authenticate, async ({ body }) => {
      const { refresh_token: token, client_id: clientId, organization_id: organizationId } = body
      return { body: await refresh(context, { token, clientId, organizationId }) }
    }),
    route(listSessions, async ({ params, query }) => {
      const user = await engine.findUser({ id: params.user_id })
      if (user === undefined) throw new EntityNotFound('user', params.user_id)
      const found = await sessions.ofUser(params.user_id)
      const page = pageOfAll(found, pageOf(query))
      return { body: renderList(page, (session) => renderSession(session, clock()), query) }
    }),
    route(revokeSession, async ({ body }) => {
      const session = await sessions.find(body.session_id)
      if (session === undefined) throw new NotFound()
      await sessions.end(session, clock())
      const ended = (await sessions.find(session.id)) ?? session
      return { body: renderSession(ended, clock()) }
    }),
    route(logOut, async ({ query }) => {
      const { session_id: id, return_to: returnTo } = query
      if (returnTo !== undefined && !mayReturnTo(returnTo, settings.returnOrigins)) throw notAllowed
      const session = await sessions.find(id)
      if (session !== undefined) await sessions.end(session, clock())
      if (returnTo === undefined) return { body: {} }
      return { body: {}, status: 302, headers: { location: new URL(returnTo).href } }
    }),
    route(getJwtTemplate, async () => {
      const template = await readJwtTemplate(engine.notebook)
      if (template === undefined) throw new NotFound()
      return { body: renderJwtTemplateNote(template) }
    }),
    route(putJwtTemplate, async ({ body }, context) => {
      const now = new Date(clock()).toISOString()
      const template = await writeJwtTemplate(engine.notebook, body.content, now)
      const entity = { id: 'environment', ...template } as const
      const { token } = await engineFor(context).recordPart({ op: 'put', kind: 'jwt_template', entity })
      return { body: renderJwtTemplateNote(template), token }
    }),
  ]
}

const notAllowed = new RequestInvalid([
  {
    field: 'return_to',
    code: 'return_to_invalid',
    message: 'must be an address of this machine, or of an origin that the service allows',
  },
])

async function arriving(
  engine: ReadingEngine,
  { organization_membership_id: membershipId, user_id: userId }: MintJson,
): Promise<Arrival['who']> {
  if (membershipId === undefined) return { userId: userId ?? '' }
  const organizationId = await requireOrganization(engine, 'membership', membershipId)
  const membership = await engine.findMembership(organizationId, { membershipId })
  if (membership === undefined) throw new EntityNotFound('membership', membershipId)
  return membership
}

function renderJwtTemplateNote({ content, createdAt, updatedAt }: JwtTemplate) {
  return { object: 'jwt_template', content, created_at: createdAt, updated_at: updatedAt } as const
}
