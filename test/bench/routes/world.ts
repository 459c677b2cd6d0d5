import { type Authorizer, createAuthorizer } from '@bailiwick/client'
import { defineModel } from '@bailiwick/core'
import { createIssuer, type Issuer, testEngine } from '@bailiwick/testing'

/** One issuer, one small organization in an engine of this process, and the token of somebody in it. */
export interface RouteWorld {
  readonly authz: Authorizer
  readonly issuer: Issuer
  readonly jwksUrl: string
  /** Its holder has `project:list` by the token, and `project:view` on the project `web` by the engine. */
  readonly token: string
}

const model = defineModel({
  resourceTypes: { workspace: { parents: ['organization'] }, project: { parents: ['workspace'] } },
  permissions: { 'project:view': 'project', 'project:list': 'organization' },
  roles: {
    member: { on: 'organization', permissions: ['project:list'] },
    'workspace-viewer': { on: 'workspace', permissions: ['project:view'] },
  },
})

/** Make what every application of the bench has in its process, whether it asks for it or not. */
export async function makeRouteWorld(): Promise<RouteWorld> {
  const issuer = await createIssuer({ algorithm: 'RS256' })
  const { jwksUrl } = await issuer.listen()
  const { engine, tokenFor } = await testEngine({
    model,
    issuer,
    organizations: {
      acme: {
        resources: { 'workspace:eng': { 'project:web': {} } },
        people: { ada: { roles: ['member'], on: { 'workspace:eng': 'workspace-viewer' } } },
      },
    },
  })
  const authz = createAuthorizer({ engine, session: issuer.sessionOptions })
  return { authz, issuer, jwksUrl, token: await tokenFor('ada', { expiresInSec: 3_600 }) }
}
