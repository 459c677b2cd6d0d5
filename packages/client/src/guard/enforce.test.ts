import {
  type AuthorizationEngine,
  defineModel,
  parseMembershipId,
  parseOrganizationId,
  type Session,
  StoreUnavailable,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { beforeAll, describe, expect, test } from 'vitest'
import { Authorizer } from '../authorizer.js'
import { enforce } from './enforce.js'
import { param, query } from './locator.js'
import type { RequestView } from './request-view.js'
import { all, any, permission, type Requirement, requirementOf } from './requirement.js'

const model = defineModel({
  resourceTypes: { workspace: { parents: ['organization'] }, project: { parents: ['workspace'] } },
  permissions: { 'project:view': 'project', 'project:edit': 'project', 'billing:manage': 'organization' },
  roles: {
    'workspace-admin': { on: 'workspace', permissions: ['project:view', 'project:edit'] },
    'project-viewer': { on: 'project', permissions: ['project:view'] },
  },
})
const acme = parseOrganizationId('org_acme')
const ada: Session = {
  userId: 'ada',
  organizationId: acme,
  membershipId: parseMembershipId('om_ada'),
  actors: [],
  roles: [],
  permissions: [],
  sessionId: undefined,
  issuedAt: 0,
  expiresAt: 1,
  claims: {},
}

let engine: AuthorizationEngine
let authz: Authorizer
let workspaceId: string
let projectId: string

beforeAll(async () => {
  engine = await openEngine({ store: memoryStore(), model })
  authz = authorizerOf(engine)
  await engine.createOrganization({ id: acme, name: 'Acme' })
  const subject = { membershipId: parseMembershipId('om_ada') }
  await engine.createMembership({ organizationId: acme, userId: 'ada', id: subject.membershipId })
  const workspace = await engine.createResource({
    organizationId: acme,
    type: 'workspace',
    externalId: 'eng',
    name: 'Engineering',
  })
  const parent = { resourceId: workspace.value.id }
  for (const externalId of ['web', 'app']) {
    const project = { organizationId: acme, type: 'project', externalId, name: externalId, parent }
    projectId = (await engine.createResource(project)).value.id
  }
  workspaceId = workspace.value.id
  await engine.assignRole({
    organizationId: acme,
    subject,
    role: 'project-viewer',
    resource: { type: 'project', externalId: 'web' },
  })
})

function authorizerOf(decider: AuthorizationEngine, deadlineMs = 1_000): Authorizer {
  return new Authorizer({
    engine: decider,
    session: { verify: () => Promise.reject(new Error('no token is read here')) },
    deadlineMs,
  })
}

function request(params: Record<string, unknown>, more: Partial<RequestView> = {}): RequestView {
  return { params, query: {}, body: undefined, rawHeaders: [], native: undefined, ...more }
}

function demand(requirement: Requirement, params: Record<string, unknown> = {}, session?: Session) {
  return enforce(authz, session ?? ada, requirement, request(params))
}

const onId = { resource: param('id') }

describe('a permission', () => {
  test('held on the resource that the request names lets it go on; on its neighbour it does not', async () => {
    expect(await demand(requirementOf('project:view', onId), { id: 'web' })).toMatchObject([
      { permission: 'project:view', resource: { externalId: 'web' }, decidedBy: 'engine' },
    ])
    await expect(demand(requirementOf('project:view', onId), { id: 'app' })).rejects.toMatchObject({
      code: 'access_denied',
      permission: 'project:view',
      resource: { type: 'project', externalId: 'app' },
      decision: { reason: 'no_grant' },
    })
  })

  test('held on one resource does not answer for the whole organization', async () => {
    const requirement = requirementOf('project:view', { scope: 'organization' })
    await expect(demand(requirement)).rejects.toMatchObject({ code: 'access_denied', resource: undefined })
    const everywhere = { ...ada, permissions: ['project:view'] }
    expect(await demand(requirement, {}, everywhere)).toMatchObject([{ decidedBy: 'token' }])
  })

  test('that is fresh is not answered by the token', async () => {
    const everywhere = { ...ada, permissions: ['billing:manage'] }
    expect(
      await demand(requirementOf('billing:manage', { scope: 'organization' }), {}, everywhere),
    ).toHaveLength(1)
    await expect(
      demand(requirementOf('billing:manage', { scope: 'organization', fresh: true }), {}, everywhere),
    ).rejects.toMatchObject({ code: 'access_denied' })
  })

  test('in the token answers for an unknown resource only where the handler loads by organization', async () => {
    const everywhere = { ...ada, permissions: ['project:edit'] }
    await expect(
      demand(requirementOf('project:edit', onId), { id: 'gone' }, everywhere),
    ).rejects.toMatchObject({
      decision: { reason: 'resource_unknown' },
    })
    const scoped = requirementOf('project:edit', { ...onId, tenantScoped: true })
    expect(await demand(scoped, { id: 'gone' }, everywhere)).toMatchObject([{ decidedBy: 'token' }])
  })

  test('that nobody has placed is refused, not asked of the whole organization', async () => {
    await expect(demand(requirementOf('project:view'))).rejects.toMatchObject({ code: 'misconfigured' })
  })

  test('held on a workspace does not open the workspace to a handler of projects, by our own ids', async () => {
    const subject = { membershipId: parseMembershipId('om_ada') }
    const assignment = await engine.assignRole({
      organizationId: acme,
      subject,
      role: 'workspace-admin',
      resource: { type: 'workspace', externalId: 'eng' },
    })
    const requirement = requirementOf('project:edit', { resource: param('id', { as: 'id' }) })
    expect(await demand(requirement, { id: projectId })).toHaveLength(1)
    await expect(demand(requirement, { id: workspaceId })).rejects.toMatchObject({ code: 'access_denied' })
    const onWorkspace = requirementOf('project:edit', {
      resource: param('id', { as: 'id', type: 'workspace' }),
    })
    expect(await demand(onWorkspace, { id: workspaceId })).toHaveLength(1)
    await expect(demand(onWorkspace, { id: projectId })).rejects.toMatchObject({ code: 'access_denied' })
    await engine.removeAssignment(acme, assignment.value.id)
  })
})

describe('a denial that is concealed', () => {
  test('is the same error whether the resource exists or not', async () => {
    const requirement = requirementOf('project:view', { ...onId, conceal: true })
    for (const id of ['app', 'gone']) {
      await expect(demand(requirement, { id })).rejects.toMatchObject({
        code: 'not_found',
        message: 'there is nothing here',
        cause: { code: 'access_denied' },
      })
    }
    expect(await demand(requirement, { id: 'web' })).toHaveLength(1)
  })
})

describe('without a session', () => {
  test.each<[string, Requirement]>([
    ['a permission', requirementOf('project:view', { scope: 'organization' })],
    ['any of several', requirementOf(any('project:view', 'project:edit'), { scope: 'organization' })],
    ['all of several', requirementOf(all('project:view', 'project:edit'), { scope: 'organization' })],
    ['a session', { kind: 'authenticated' }],
  ])('%s is not met', async (_, requirement) => {
    await expect(enforce(authz, undefined, requirement, request({}))).rejects.toMatchObject({
      code: 'session_missing',
    })
  })

  test('what is public is open, and a session suffices where only a session is demanded', async () => {
    expect(await enforce(authz, undefined, { kind: 'public' }, request({}))).toEqual([])
    expect(await enforce(authz, ada, { kind: 'authenticated' }, request({}))).toEqual([])
  })
})

// What each term comes to, and what `any` and `all` make of it. An error never turns into an allow, and `any`
// goes on past it only to a term that allows.
describe('any and all', () => {
  const terms = {
    allow: permission('project:view', onId),
    deny: permission('project:edit', onId),
    lost: permission('project:view', { resource: query('id') }),
    broken: permission('project:view', { resource: () => Promise.reject(new StoreUnavailable('down')) }),
  }
  type Term = keyof typeof terms
  const codes = { deny: 'access_denied', lost: 'resource_not_located', broken: 'store_unavailable' }

  test.each<[Term[], Term, Term]>([
    [['allow'], 'allow', 'allow'],
    [['deny'], 'deny', 'deny'],
    [['allow', 'deny'], 'allow', 'deny'],
    [['deny', 'allow'], 'allow', 'deny'],
    [['allow', 'allow'], 'allow', 'allow'],
    [['deny', 'deny'], 'deny', 'deny'],
    [['lost', 'allow'], 'allow', 'lost'],
    [['allow', 'lost'], 'allow', 'lost'],
    [['lost', 'deny'], 'lost', 'lost'],
    [['deny', 'lost'], 'lost', 'deny'],
    [['broken', 'allow'], 'allow', 'broken'],
    [['allow', 'broken'], 'allow', 'broken'],
    [['deny', 'broken'], 'broken', 'deny'],
    [['lost', 'broken'], 'broken', 'lost'],
    [['broken', 'lost', 'deny'], 'broken', 'broken'],
  ])('of %j: any → %s, all → %s', async (names, ofAny, ofAll) => {
    const written = names.map((name) => terms[name]) as [typeof terms.allow]
    for (const [requirement, outcome] of [
      [any(...written), ofAny],
      [all(...written), ofAll],
    ] as const) {
      const answer = demand(requirement, { id: 'web' })
      if (outcome === 'allow') expect(await answer).not.toHaveLength(0)
      else await expect(answer).rejects.toMatchObject({ code: codes[outcome] })
    }
  })

  test('nest', async () => {
    expect(await demand(all(terms.allow, any(terms.deny, terms.allow)), { id: 'web' })).toHaveLength(2)
    await expect(demand(all(terms.allow, any(terms.deny)), { id: 'web' })).rejects.toMatchObject({
      code: 'access_denied',
    })
  })
})

describe('what cannot be decided', () => {
  test('is an error when the engine fails, whatever the question', async () => {
    const failing = await openEngine({ store: memoryStore(), model })
    await failing.close()
    const requirement = requirementOf('project:view', onId)
    await expect(
      enforce(authorizerOf(failing), ada, requirement, request({ id: 'web' })),
    ).rejects.toMatchObject({ kind: 'unavailable' })
  })

  test('is an error when a locator takes longer than a decision may', async () => {
    const requirement = requirementOf('project:view', { resource: () => new Promise<never>(() => {}) })
    await expect(enforce(authorizerOf(engine, 5), ada, requirement, request({}))).rejects.toMatchObject({
      code: 'decision_timeout',
    })
  })
})
