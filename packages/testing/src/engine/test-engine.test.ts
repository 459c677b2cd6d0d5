import { defineModel } from '@bailiwick/core'
import { afterEach, describe, expect, test } from 'vitest'
import { createIssuer } from '../issuer/create-issuer.js'
import type { Fixtures } from './fixtures.js'
import { type TestEngine, testEngine } from './test-engine.js'

const model = defineModel({
  resourceTypes: {
    assistant: { parents: ['organization'], agent: true },
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
    page: { parents: ['project'] },
  },
  permissions: { 'project:view': 'project', 'project:edit': 'project', 'billing:manage': 'organization' },
  roles: {
    viewer: { on: 'organization', permissions: ['project:view'] },
    owner: { on: 'organization', permissions: ['billing:manage', 'project:view', 'project:edit'] },
    'workspace-admin': { on: 'workspace', permissions: ['project:view', 'project:edit'] },
    'project-editor': { on: 'project', permissions: ['project:edit'] },
  },
  defaultRole: 'viewer',
})

const web = { type: 'project', externalId: 'web' }
const opened: { close(): Promise<void> }[] = []

async function open(
  organizations: Fixtures<typeof model>['organizations'],
): Promise<TestEngine<typeof model>> {
  const engine = await testEngine({ model, organizations })
  opened.push(engine)
  return engine
}

afterEach(async () => {
  for (const engine of opened.splice(0)) await engine.close()
})

describe('a test engine', () => {
  test('holds the people, the tree and the roles of its fixtures', async () => {
    const { authz, sessionFor, organization, membership, resource } = await open({
      acme: {
        resources: { 'workspace:design': { 'project:web': {}, 'project:docs': {} } },
        people: { ada: { roles: ['owner'] }, bob: { on: { 'project:web': 'project-editor' } }, eve: {} },
      },
    })
    expect(organization('acme')).toMatchObject({ id: 'org_acme', name: 'acme' })
    expect(membership('ada')).toMatchObject({ id: 'om_acme_ada', userId: 'user_ada', roles: ['owner'] })
    expect(resource('project:web').parentId).toBe(resource('workspace:design').id)

    const may = async (person: string) => {
      return (await authz.check(await sessionFor(person), 'project:edit', web)).kind
    }
    expect([await may('ada'), await may('bob'), await may('eve')]).toEqual(['allow', 'allow', 'deny'])
  })

  test('takes the resources as a list in any order, with names', async () => {
    const { resource } = await open({
      acme: {
        resources: [
          { place: 'project:web:1', under: 'workspace:design', name: 'Web' },
          { place: 'workspace:design' },
        ],
      },
    })
    expect(resource('project:web:1')).toMatchObject({ externalId: 'web:1', name: 'Web' })
    expect(resource('project:web:1').parentId).toBe(resource('workspace:design').id)
  })

  test('takes the resources as a tree of any depth', async () => {
    const { resource } = await open({
      acme: {
        resources: { 'workspace:design': { 'project:web': { 'page:home': {} } }, 'workspace:ops': {} },
      },
    })
    expect(resource('page:home').parentId).toBe(resource('project:web').id)
    expect(resource('workspace:ops').parentId).toBe(resource('workspace:design').parentId)
  })

  test('gives somebody several roles in several places, and the default role to nobody unasked', async () => {
    const { engine, membership } = await open({
      acme: {
        resources: { 'workspace:design': { 'project:web': {} } },
        people: { ada: { on: { 'workspace:design': ['workspace-admin'], 'project:web': 'project-editor' } } },
      },
    })
    const { id, organizationId, roles } = membership('ada')
    const held = await engine.listAssignments(organizationId, { membershipId: id })
    expect(held.map(({ role }) => role)).toEqual(['workspace-admin', 'project-editor'])
    expect(roles).toEqual([])
  })

  test('writes tokens as the identity provider would: organization-wide roles and what they permit', async () => {
    const { authz, tokenFor } = await open({
      acme: {
        resources: { 'workspace:design': {} },
        people: { ada: { roles: ['owner'], on: { 'workspace:design': 'workspace-admin' } } },
      },
    })
    expect(await authz.authenticate(await tokenFor('ada'))).toMatchObject({
      organizationId: 'org_acme',
      membershipId: 'om_acme_ada',
      roles: ['owner'],
      permissions: ['billing:manage', 'project:edit', 'project:view'],
    })
  })

  test('writes what is held when the token is asked for, or what the test says instead', async () => {
    const { engine, sessionFor, membership } = await open({ acme: { people: { ada: { roles: ['owner'] } } } })
    const { id, organizationId } = membership('ada')
    await engine.setMembershipRoles(organizationId, { membershipId: id }, ['viewer'])
    expect(await sessionFor('ada')).toMatchObject({ roles: ['viewer'], permissions: ['project:view'] })
    expect(await sessionFor('ada', { roles: ['owner'] })).toMatchObject({
      roles: ['owner'],
      permissions: ['billing:manage', 'project:edit', 'project:view'],
    })
    // A role on a resource says nothing of the whole organization, also where a test names it.
    expect(await sessionFor('ada', { roles: ['viewer', 'project-editor'] })).toMatchObject({
      permissions: ['project:view'],
    })
    expect(await sessionFor('ada', { permissions: [] })).toMatchObject({ roles: ['viewer'], permissions: [] })
    await expect(sessionFor('ada', { expiresInSec: -60 })).rejects.toMatchObject({ code: 'session_expired' })
  })

  test('keeps organizations apart that use the same names', async () => {
    const { authz, sessionFor, resource } = await open({
      acme: {
        resources: { 'workspace:design': { 'project:web': {} } },
        people: { ada: { on: { 'project:web': 'project-editor' } } },
      },
      globex: { resources: { 'workspace:design': { 'project:web': {} } }, people: { ada: {} } },
    })
    const may = async (where: string) =>
      (await authz.check(await sessionFor('ada', { in: where }), 'project:edit', web)).kind
    expect([await may('acme'), await may('globex')]).toEqual(['allow', 'deny'])
    expect(resource('project:web', { in: 'acme' }).id).not.toBe(resource('project:web', { in: 'globex' }).id)
    await expect(sessionFor('ada')).rejects.toThrow(
      "`ada` is in `acme` and `globex`: say which with `{ in: '…' }`",
    )
  })

  test('holds groups, agents, roles of one organization, and what is denied or allowed alone', async () => {
    const { authz, engine, sessionFor, group, organization } = await open({
      acme: {
        resources: { 'assistant:scribe': {}, 'workspace:design': { 'project:web': {}, 'project:docs': {} } },
        organizationRoles: {
          'org-billing': { permissions: ['billing:manage'] },
          'org-proofreader': { on: 'project', permissions: ['project:edit'] },
        },
        people: {
          ada: { roles: ['org-billing'] },
          bob: { denied: { 'project:docs': ['project:edit'] } },
          eve: { allowed: { 'workspace:design': 'project:view', organization: 'billing:manage' } },
        },
        groups: {
          designers: { members: ['ada', 'bob'], on: { 'workspace:design': 'workspace-admin' } },
          readers: { members: ['bob'], roles: ['viewer'] },
        },
        agents: { 'assistant:scribe': { on: { 'project:web': ['org-proofreader'] } } },
      },
    })
    const docs = { type: 'project', externalId: 'docs' }
    const may = async (person: string, permission: 'project:edit' | 'project:view', target: typeof web) =>
      (await authz.check(await sessionFor(person), permission, target)).kind
    expect([await may('ada', 'project:edit', docs), await may('bob', 'project:edit', docs)]).toEqual([
      'allow',
      'deny',
    ])
    expect(await may('bob', 'project:edit', web)).toBe('allow')
    expect([await may('eve', 'project:view', docs), await may('eve', 'project:edit', docs)]).toEqual([
      'allow',
      'deny',
    ])
    const scribe = { agent: { type: 'assistant', externalId: 'scribe' } }
    const asked = { organizationId: organization('acme').id, subject: scribe, permission: 'project:edit' }
    expect((await engine.check({ ...asked, resource: web })).kind).toBe('allow')
    expect((await engine.check({ ...asked, resource: docs })).kind).toBe('deny')
    expect(group('designers')).toMatchObject({ name: 'designers' })
  })

  test('writes into tokens what holds in the whole organization, wherever it comes from', async () => {
    const { sessionFor } = await open({
      acme: {
        resources: { 'workspace:design': { 'project:web': {} } },
        organizationRoles: { 'org-billing': { permissions: ['billing:manage'] } },
        people: {
          ada: { roles: ['org-billing'], on: { 'workspace:design': 'workspace-admin' } },
          bob: { denied: { 'project:web': 'project:view' } },
          eve: { allowed: { organization: 'project:edit' } },
        },
        groups: { readers: { members: ['ada', 'bob'], roles: ['owner'] } },
      },
    })
    // What is denied to one is left out of everybody's token: then only the engine can tell.
    expect((await sessionFor('ada')).permissions).toEqual(['billing:manage', 'project:edit'])
    expect((await sessionFor('bob')).permissions).toEqual(['billing:manage', 'project:edit'])
    expect((await sessionFor('eve')).permissions).toEqual(['project:edit'])
    expect((await sessionFor('eve', { roles: ['org-billing', 'owner'] })).permissions).toEqual([
      'billing:manage',
      'project:edit',
    ])
  })

  test('writes tokens that an agent uses, for an application that accepts agents', async () => {
    const organizations = { acme: { people: { ada: {} } } } as const
    const accepting = await testEngine({ model, organizations, agents: { type: 'assistant' } })
    opened.push(accepting)
    const { claims, actors, userId } = await accepting.sessionFor('ada', { actors: ['scribe', 'planner'] })
    expect(claims.act).toEqual({ sub: 'scribe', act: { sub: 'planner' } })
    expect([userId, actors]).toEqual(['user_ada', ['scribe', 'planner']])
    const { sessionFor } = await open(organizations)
    await expect(sessionFor('ada', { actors: ['scribe'] })).rejects.toMatchObject({
      code: 'session_agent_refused',
    })
  })

  test('answers for groups by their organization, and for exceptions where they are made alone', async () => {
    const { authz, sessionFor, group, organization } = await open({
      acme: {
        resources: { 'workspace:design': { 'project:web': {}, 'project:docs': {} } },
        people: { ada: { allowed: { 'project:web': 'project:edit' } } },
        groups: { designers: {} },
      },
      globex: { groups: { designers: {} } },
    })
    for (const name of ['acme', 'globex']) {
      expect(group('designers', { in: name }).organizationId).toBe(organization(name).id)
    }
    expect(() => group('designers')).toThrow('is in `acme` and `globex`')
    const may = async (externalId: string) =>
      (await authz.check(await sessionFor('ada'), 'project:edit', { type: 'project', externalId })).kind
    expect([await may('web'), await may('docs')]).toEqual(['allow', 'deny'])
  })

  test('issues by the issuer that its fixtures bring, and takes nobody else for it', async () => {
    const organizations = { acme: { people: { ada: {} } } } as const
    const issuer = await createIssuer({ issuer: 'https://login.example/', audience: 'client_own' })
    const brought = await testEngine({ model, organizations, issuer })
    opened.push(brought)
    const other = await open(organizations)
    const token = await brought.tokenFor('ada')
    expect((await brought.authz.authenticate(token)).claims).toMatchObject({
      iss: 'https://login.example/',
      aud: 'client_own',
    })
    await expect(other.authz.authenticate(token)).rejects.toMatchObject({ code: 'session_untrusted' })
    await expect(brought.authz.authenticate(await other.tokenFor('ada'))).rejects.toMatchObject({
      code: 'session_untrusted',
    })
  })

  test('is refused to an inactive person, though the token verifies', async () => {
    const { authz, sessionFor } = await open({
      acme: {
        resources: { 'workspace:design': { 'project:web': {} } },
        people: { ada: { status: 'inactive', on: { 'project:web': 'project-editor' } } },
      },
    })
    const decision = await authz.check(await sessionFor('ada'), 'project:edit', web)
    expect(decision).toMatchObject({ kind: 'deny', reason: 'membership_inactive' })
  })

  test('answers a mistyped name with the one that was meant', async () => {
    const { sessionFor, organization, resource } = await open({ acme: { people: { adele: {} } } })
    await expect(sessionFor('adelle')).rejects.toThrow('no person `adelle`; did you mean `adele`?')
    expect(() => organization('acne')).toThrow('no organization `acne`; did you mean `acme`?')
    expect(() => resource('project:web')).toThrow('no resource `project:web`')
  })

  test.each<[string, Fixtures['organizations'], string]>([
    ['a place without a type', { acme: { resources: { web: {} } } as never }, 'type:external-id'],
    ['a place with nothing for a type', { acme: { resources: { ':web': {} } } as never }, 'type:external-id'],
    [
      'a parent that is not there',
      { acme: { resources: [{ place: 'project:a', under: 'workspace:b' }] } },
      'workspace',
    ],
    [
      'a circle',
      {
        acme: {
          resources: [
            { place: 'project:a', under: 'project:b' },
            { place: 'project:b', under: 'project:a' },
          ],
        },
      },
      'under itself',
    ],
    [
      'a role of another type',
      { acme: { people: { ada: { roles: ['project-editor'] } } } },
      'project-editor',
    ],
    [
      'a group with somebody who is not there',
      { acme: { people: { adele: {} }, groups: { all: { members: ['adelle'] } } } },
      'did you mean `adele`?',
    ],
    [
      'an agent that cannot act',
      { acme: { resources: { 'workspace:a': {} }, agents: { 'workspace:a': { roles: ['viewer'] } } } },
      'workspace',
    ],
    ['a name that makes no id', { 'Acme Inc': {} }, 'organizations.Acme Inc'],
  ])('refuses %s', async (_, organizations, message) => {
    await expect(testEngine({ model, organizations } as unknown as Fixtures<typeof model>)).rejects.toThrow(
      message,
    )
  })
})
