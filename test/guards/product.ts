import { type Authorizer, createAuthorizer, type SessionOptions } from '@bailiwick/client'
import {
  type AuthorizationEngine,
  defineModel,
  parseMembershipId,
  parseOrganizationId,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { createIssuer, type TokenRequest } from '@bailiwick/testing'

/** The model of the application that every framework serves in these tests. */
export const model = defineModel({
  resourceTypes: {
    assistant: { parents: ['organization'], agent: true },
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
  },
  permissions: {
    'project:view': 'project',
    'project:edit': 'project',
    'project:delete': { on: 'project', fresh: true },
    'workspace:manage': 'workspace',
    'billing:manage': 'organization',
  },
  roles: {
    owner: { on: 'organization', permissions: ['project:view', 'project:edit', 'billing:manage'] },
    'billing-admin': { on: 'organization', permissions: ['billing:manage'] },
    'workspace-admin': { on: 'workspace', permissions: ['workspace:manage', 'project:view', 'project:edit'] },
    'project-editor': { on: 'project', permissions: ['project:view', 'project:edit'] },
  },
})

const acme = parseOrganizationId('org_acme')
const globex = parseOrganizationId('org_globex')

/** Two customers with the same external ids, a few people, and their tokens. */
export interface Product {
  readonly engine: AuthorizationEngine
  readonly authorizer: Authorizer
  /** The same, over an engine that is down. */
  readonly authorizerDown: Authorizer
  readonly webId: string
  readonly workspaceId: string
  /**
   * - `editor`: edits project `web` of Acme, nothing else.
   * - `wide`: her token edits and views every project of Acme; the engine knows of no role.
   * - `nobody`: a member of Acme without a role.
   * - `stranger`: edits project `web` of Globex.
   * - `biller`: manages the billing of Acme, says the engine.
   */
  readonly tokens: Readonly<Record<Person | 'expired' | 'forged', string>>
  /** Another token of the same issuer for a person of Acme. */
  tokenFor(user: Person, request?: Partial<TokenRequest>): Promise<string>
  /** What the authorizers verify sessions by. */
  readonly session: SessionOptions
}

export type Person = 'editor' | 'wide' | 'nobody' | 'stranger' | 'biller'

/** @param access - Over a store of its own the engine answers at once, where it can; over a shared one it is waited for. */
export async function openProduct(access: 'exclusive' | 'shared' = 'exclusive'): Promise<Product> {
  const engine = await openEngine({ store: memoryStore({ access }), model })
  const down = await openEngine({ store: memoryStore(), model })
  await down.close()
  const issuer = await createIssuer()
  const session = issuer.sessionOptions
  let webId = ''
  let workspaceId = ''
  for (const organizationId of [globex, acme]) {
    await engine.createOrganization({ id: organizationId, name: organizationId })
    const workspace = { organizationId, type: 'workspace', externalId: 'eng', name: 'Engineering' }
    workspaceId = (await engine.createResource(workspace)).value.id
    for (const externalId of ['app', 'web']) {
      const parent = { type: 'workspace', externalId: 'eng' }
      const project = { organizationId, type: 'project', externalId, name: externalId, parent }
      webId = (await engine.createResource(project)).value.id
    }
  }
  const token = async (user: Person, request: Partial<TokenRequest> = {}) => {
    const id = parseMembershipId(`om_${user}`)
    const organizationId = parseOrganizationId(String(request.organization ?? acme))
    await engine.createMembership({ organizationId, userId: user, id })
    return issuer.token({ user, organization: organizationId, membership: id, ...request })
  }
  const tokens = {
    editor: await token('editor'),
    wide: await token('wide', { permissions: ['project:edit', 'project:view', 'project:delete'] }),
    nobody: await token('nobody'),
    stranger: await token('stranger', { organization: globex }),
    biller: await token('biller'),
    expired: await issuer.token({ user: 'editor', organization: acme, expiresInSec: -60 }),
    forged: await (await createIssuer()).token({ user: 'editor', organization: acme }),
  }
  const web = { type: 'project', externalId: 'web' }
  for (const [organizationId, user] of [
    [acme, 'editor'],
    [globex, 'stranger'],
  ] as const) {
    const subject = { membershipId: parseMembershipId(`om_${user}`) }
    await engine.assignRole({ organizationId, subject, role: 'project-editor', resource: web })
  }
  await engine.setMembershipRoles(acme, { userId: 'biller' }, ['billing-admin'])
  return {
    engine,
    authorizer: createAuthorizer({ engine, session }),
    authorizerDown: createAuthorizer({ engine: down, session }),
    webId,
    workspaceId,
    tokens,
    tokenFor: (user, request = {}) =>
      issuer.token({ user, organization: acme, membership: parseMembershipId(`om_${user}`), ...request }),
    session,
  }
}
