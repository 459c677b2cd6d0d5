import { createAuthorizer, decidedBy, type SessionVerifier } from '@bailiwick/client'
import { defineModel } from '@bailiwick/core'
import { type TestEngine, type TokenForOptions, testEngine } from '@bailiwick/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const model = defineModel({
  resourceTypes: {
    assistant: { parents: ['organization'], agent: true },
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
  },
  permissions: { 'project:view': 'project', 'project:edit': 'project', 'billing:manage': 'organization' },
  roles: {
    owner: { on: 'organization', permissions: ['project:view', 'project:edit', 'billing:manage'] },
    'workspace-admin': { on: 'workspace', permissions: ['project:view', 'project:edit'] },
    'project-editor': { on: 'project', permissions: ['project:edit'] },
  },
})

const web = { type: 'project', externalId: 'web' }
const docs = { type: 'project', externalId: 'docs' }

let bed: TestEngine<typeof model>

beforeEach(async () => {
  bed = await testEngine({
    model,
    agents: { type: 'assistant' },
    organizations: {
      acme: {
        resources: {
          'assistant:scribe': {},
          'assistant:clerk': {},
          'assistant:idle': {},
          'workspace:design': { 'project:web': {}, 'project:docs': {} },
        },
        people: { ada: { roles: ['owner'] }, bob: { on: { 'project:web': 'project-editor' } } },
        agents: {
          'assistant:scribe': { on: { 'workspace:design': 'workspace-admin' } },
          'assistant:clerk': { on: { 'project:web': 'project-editor' } },
        },
      },
    },
  })
})

afterEach(() => bed.close())

async function may(person: string, actors: readonly string[], target = web, token: TokenForOptions = {}) {
  const session = await bed.sessionFor(person, { actors, ...token })
  const decision = await bed.authz.check(session, 'project:edit', target)
  return `${decision.kind === 'allow' ? 'allow' : decision.reason} by ${decidedBy(decision)}`
}

describe('an agent that acts for a user', () => {
  test('is allowed what both are, and nothing that one of them is not', async () => {
    expect(await may('bob', ['scribe'])).toBe('allow by engine')
    expect(await may('bob', ['idle'])).toBe('no_grant by engine')
    expect(await may('bob', ['scribe'], docs)).toBe('no_grant by engine')
    expect(await may('ada', ['scribe'], docs)).toBe('allow by engine')
    expect(await may('ada', ['clerk'], docs)).toBe('no_grant by engine')
  })

  test('is never answered by the token, which speaks of the user alone', async () => {
    expect(await may('ada', [])).toBe('allow by token')
    expect(await may('ada', ['scribe'])).toBe('allow by engine')
    expect(await may('ada', ['idle'])).toBe('no_grant by engine')
    const agent = await bed.sessionFor('ada', { actors: ['scribe'] })
    expect(agent.permissions).toContain('project:edit')
    expect(bed.authz.has(agent, 'project:edit')).toBe(false)
    expect(bed.authz.has(await bed.sessionFor('ada'), 'project:edit')).toBe(true)
    const tenantScoped = await bed.authz.check(
      await bed.sessionFor('ada', { actors: ['idle'] }),
      'project:edit',
      web,
      {
        tenantScoped: true,
      },
    )
    expect(tenantScoped.kind).toBe('deny')
    expect((await bed.authz.check(agent, 'billing:manage')).kind).toBe('deny')
  })

  test('loses at once what either of them loses', async () => {
    const { id, organizationId } = bed.membership('ada')
    const session = await bed.sessionFor('ada', { actors: ['clerk'] })
    const ask = async () => (await bed.authz.check(session, 'project:edit', web)).kind
    expect(await ask()).toBe('allow')
    await bed.engine.setMembershipRoles(organizationId, { membershipId: id }, [])
    expect(await ask()).toBe('deny')
    await bed.engine.setMembershipRoles(organizationId, { membershipId: id }, ['owner'])
    expect(await ask()).toBe('allow')
    const agent = { agent: { type: 'assistant', externalId: 'clerk' } }
    await bed.engine.replaceAssignments(organizationId, agent, [])
    expect(await ask()).toBe('deny')
    expect((await bed.authz.check(await bed.sessionFor('ada'), 'project:edit', web)).kind).toBe('allow')
  })

  test('is allowed along a chain only what every party in it is', async () => {
    expect(await may('ada', ['scribe', 'clerk'])).toBe('allow by engine')
    expect(await may('ada', ['clerk', 'scribe'])).toBe('allow by engine')
    expect(await may('ada', ['scribe', 'idle'])).toBe('no_grant by engine')
    expect(await may('ada', ['idle', 'scribe'])).toBe('no_grant by engine')
    expect(await may('ada', ['scribe', 'clerk'], docs)).toBe('no_grant by engine')
  })

  test('must be a resource of the type that the application names, in the organization of the token', async () => {
    expect(await may('ada', ['nobody'])).toBe('agent_unknown by engine')
    expect(await may('ada', ['design'])).toBe('agent_unknown by engine')
    expect(await may('ada', ['admin@acme.test'])).toBe('agent_unknown by engine')
  })

  test('finds its user by name when the token has no membership', async () => {
    const claims = { organization_membership_id: undefined }
    expect(await may('bob', ['scribe'], web, { claims })).toBe('allow by engine')
    expect(await may('bob', ['scribe'], docs, { claims })).toBe('no_grant by engine')
  })

  test('is explained with everybody for whom it acts', async () => {
    const explain = async (actors: readonly string[]) =>
      bed.authz.explain(await bed.sessionFor('bob', { actors }), 'project:edit', web)
    const allowed = await explain(['scribe', 'clerk'])
    expect(allowed.decidedBy).toBe('engine')
    expect(allowed.decision).toMatchObject({
      kind: 'allow',
      grants: [{ role: 'workspace-admin' }],
      delegations: [
        { onBehalfOf: { agent: { type: 'assistant', externalId: 'clerk' } } },
        { onBehalfOf: { membershipId: 'om_acme_bob' } },
      ],
    })
    const denied = await explain(['idle'])
    expect(denied.sentences[0]).toBe(
      'denied: `project:edit` on project `web`: no role held by agent `idle` grants it',
    )
  })
})

describe('an application that has not opted in to agents', () => {
  test('refuses their tokens, and takes the same user without one', async () => {
    const { engine, issuer } = bed
    const authz = createAuthorizer({ engine, session: issuer.sessionOptions })
    const refused = { name: 'SessionInvalid', code: 'session_agent_refused' }
    await expect(authz.authenticate(await bed.tokenFor('ada', { actors: ['scribe'] }))).rejects.toMatchObject(
      refused,
    )
    expect(await authz.authenticate(await bed.tokenFor('ada'))).toMatchObject({ actors: [] })
  })

  test('refuses their tokens each time, also once they are known', async () => {
    const { engine, issuer } = bed
    const session = { ...issuer.sessionOptions, actors: 'accept' } as const
    const authz = createAuthorizer({ engine, session })
    const refused = expect.objectContaining({ code: 'session_agent_refused' })
    const [alone, acting] = [await bed.tokenFor('ada'), await bed.tokenFor('ada', { actors: ['scribe'] })]
    await authz.authenticate(alone)
    expect(authz.authenticateAtOnce(`Bearer ${alone}`)).toMatchObject({ actors: [] })
    await expect(authz.authenticate(acting)).rejects.toEqual(refused)
    expect(() => authz.authenticateAtOnce(`Bearer ${acting}`)).toThrow(refused)
  })

  test('refuses their sessions, whoever has verified them', async () => {
    const { engine, authz } = bed
    const verifier: SessionVerifier = { verify: (token) => authz.authenticate(token) }
    const other = createAuthorizer({ engine, session: verifier })
    const refused = { name: 'SessionInvalid', code: 'session_agent_refused' }
    const token = await bed.tokenFor('ada', { actors: ['scribe'] })
    await expect(other.authenticate(token)).rejects.toMatchObject(refused)
    const session = await authz.authenticate(token)
    await expect(other.check(session, 'project:edit', web)).rejects.toMatchObject(refused)
    await expect(other.explain(session, 'project:edit', web)).rejects.toMatchObject(refused)
    expect(other.has(session, 'project:edit')).toBe(false)
  })

  test.each([
    ['workspace', 'resources of type `workspace` cannot act'],
    ['asistant', 'assistant'],
  ])('cannot opt in with the type `%s`', (type, message) => {
    const { engine, issuer } = bed
    expect(() => createAuthorizer({ engine, session: issuer.sessionOptions, agents: { type } })).toThrow(
      message,
    )
  })
})
