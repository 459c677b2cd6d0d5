import { defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import { type RawAnswer, request } from './request.js'
import { type StartedServer, type StartOptions, startServer } from './start-server.js'

export const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace', 'organization'] },
    bot: { parents: ['workspace', 'organization'], agent: true },
  },
  permissions: {
    'project:view': 'project',
    'project:edit': 'project',
    'workspace:manage': 'workspace',
    'billing:manage': 'organization',
  },
  roles: {
    member: { on: 'organization', permissions: [] },
    admin: { on: 'organization', permissions: ['project:view', 'project:edit', 'billing:manage'] },
    'workspace-admin': { on: 'workspace', permissions: ['project:view', 'project:edit', 'workspace:manage'] },
    editor: { on: 'project', permissions: ['project:view', 'project:edit'] },
    viewer: { on: 'project', permissions: ['project:view'] },
  },
  defaultRole: 'member',
})

export const acme = 'org_acme' as OrganizationId
export const globex = 'org_globex' as OrganizationId
export const ann = 'om_ann' as MembershipId
export const bob = 'om_bob' as MembershipId
/** Of Globex. */
export const gus = 'om_gus' as MembershipId

/** Two organizations behind a server. */
export interface AcmeServer extends StartedServer {
  /** One request with JSON on both sides. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<RawAnswer>
}

/**
 * Acme: Ann edits project `web` of workspace `eng`; Bob holds nothing but the default role; bot `helper` views `web`.
 * Globex: Gus edits a project `web` of its own.
 */
export async function startAcme(options: StartOptions = {}): Promise<AcmeServer> {
  // As by default: nobody else writes, and what was met a moment ago is answered without waiting.
  const store = memoryStore({ access: 'exclusive' })
  const server = await startServer({ model, store, ...options })
  const { engine } = server
  await engine.createOrganization({ id: acme, name: 'Acme' })
  await engine.createOrganization({ id: globex, name: 'Globex' })
  for (const [organizationId, id] of [
    [acme, ann],
    [acme, bob],
    [globex, gus],
  ] as const) {
    await engine.createMembership({ organizationId, id, userId: id.replace('om', 'user') })
  }
  const workspace = { type: 'workspace', externalId: 'eng' }
  await engine.createResource({ organizationId: acme, ...workspace, name: 'Engineering' })
  for (const externalId of ['web', 'docs']) {
    await engine.createResource({
      organizationId: acme,
      type: 'project',
      externalId,
      name: externalId,
      parent: workspace,
    })
  }
  await engine.createResource({ organizationId: acme, type: 'bot', externalId: 'helper', name: 'Helper' })
  await engine.createResource({ organizationId: globex, type: 'project', externalId: 'web', name: 'web' })
  const web = { type: 'project', externalId: 'web' }
  await engine.assignRole({
    organizationId: acme,
    subject: { membershipId: ann },
    role: 'editor',
    resource: web,
  })
  await engine.assignRole({
    organizationId: acme,
    subject: { agent: { type: 'bot', externalId: 'helper' } },
    role: 'viewer',
    resource: web,
  })
  await engine.assignRole({
    organizationId: globex,
    subject: { membershipId: gus },
    role: 'editor',
    resource: web,
  })
  return {
    ...server,
    call: (method, path, body) => request(server, { method, path, ...(body === undefined ? {} : { body }) }),
  }
}
