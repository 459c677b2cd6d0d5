import { type Authorizer, createAuthorizer } from '@bailiwick/client'
import { defineModel } from '@bailiwick/core'
import { createIssuer, type Issuer, testEngine } from '@bailiwick/testing'

/** One issuer, one small organization in an engine of this process, and the token of somebody in it. */
export interface RouteWorld {
  readonly authz: Authorizer
  readonly issuer: Issuer
  readonly jwksUrl: string
  /** Its holder has `project:list` by the token, and `project:view` on all projects by the engine. */
  readonly token: string
}

/** The external ids of the projects there are. */
export const projects: readonly string[] = ['web', ...Array.from({ length: 63 }, (_, n) => `project-${n}`)]

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
        resources: {
          'workspace:eng': Object.fromEntries(projects.map((id) => [`project:${id}`, {}])),
        },
        people: { ada: { roles: ['member'], on: { 'workspace:eng': 'workspace-viewer' } } },
      },
    },
  })
  const authz = createAuthorizer({ engine, session: issuer.sessionOptions })
  return { authz, issuer, jwksUrl, token: await tokenFor('ada', { expiresInSec: 3_600 }) }
}
