import { createAuthorizer } from '@bailiwick/client'
import { parseResourceId } from '@bailiwick/core'
import { type TestEngine, testEngine } from '@bailiwick/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { model } from './product.js'
import { stacks } from './stacks/index.js'
import type { Served } from './stacks/stack.js'

const acme = {
  resources: {
    'assistant:scribe': {},
    'assistant:clerk': {},
    'assistant:idle': {},
    'workspace:eng': { 'project:web': {}, 'project:app': {} },
  },
  people: { ada: { roles: ['owner'] }, bob: { on: { 'project:web': 'project-editor' } }, eve: {} },
  agents: {
    'assistant:scribe': { on: { 'workspace:eng': 'workspace-admin' } },
    'assistant:clerk': { on: { 'project:web': 'project-editor' } },
  },
} as const

describe.each(stacks)('an agent before $name', (stack) => {
  let bed: TestEngine<typeof model>
  let app: Served

  beforeEach(async () => {
    bed = await testEngine({ model, agents: { type: 'assistant' }, organizations: { acme } })
    app = await stack.serve({ authorizer: bed.authz })
  })
  afterEach(async () => {
    await app.close()
    await bed.close()
  })

  async function request(path: string, token: string, { method = 'GET', to = app } = {}) {
    const headers = { authorization: `Bearer ${token}` }
    const response = await fetch(`http://127.0.0.1:${to.port}${path}`, { method, headers })
    const { code, handler, user } = (await response.json()) as Readonly<Record<string, unknown>>
    return { status: response.status, code, handler, user }
  }

  async function edit(project: string, person: string, ...actors: readonly string[]): Promise<number> {
    const token = await bed.tokenFor(person, { actors })
    return (await request(`/projects/${project}`, token, { method: 'PATCH' })).status
  }

  test('is let through where both it and its user may, and nowhere else', async () => {
    expect(await edit('web', 'bob', 'scribe')).toBe(200)
    expect(await edit('web', 'bob', 'idle')).toBe(403)
    expect(await edit('web', 'eve', 'scribe')).toBe(403)
    expect(await edit('app', 'bob', 'scribe')).toBe(403)
    expect(await edit('app', 'bob')).toBe(403)
    expect(await edit('web', 'bob')).toBe(200)
  })

  test('is not let through by what the token says of its user', async () => {
    expect(await edit('app', 'ada')).toBe(200)
    expect(await edit('app', 'ada', 'scribe')).toBe(200)
    expect(await edit('app', 'ada', 'clerk')).toBe(403)
    const paths = [
      '/projects',
      '/admin/secret',
      '/both/app',
      '/either/app',
      '/mixed/app',
      '/orgs/org_acme/projects/app',
    ]
    for (const path of paths) {
      expect((await request(path, await bed.tokenFor('ada'))).status, path).toBe(200)
      expect((await request(path, await bed.tokenFor('ada', { actors: ['clerk'] }))).status, path).toBe(403)
    }
    const put = async (actors: readonly string[]) =>
      (await request('/projects/app', await bed.tokenFor('ada', { actors }), { method: 'PUT' })).status
    expect([await put([]), await put(['clerk'])]).toEqual([200, 403])
  })

  test('is turned away from the moment that one of the two loses the role', async () => {
    const { organizationId, id } = bed.membership('bob')
    expect(await edit('web', 'bob', 'clerk')).toBe(200)
    await bed.engine.replaceAssignments(organizationId, { membershipId: id }, [])
    expect(await edit('web', 'bob', 'clerk')).toBe(403)
    const role = { role: 'project-editor', resource: { type: 'project', externalId: 'web' } }
    await bed.engine.assignRole({ organizationId, subject: { membershipId: id }, ...role })
    expect(await edit('web', 'bob', 'clerk')).toBe(200)
    const agent = { agent: { type: 'assistant', externalId: 'clerk' } }
    await bed.engine.replaceAssignments(organizationId, agent, [])
    expect(await edit('web', 'bob', 'clerk')).toBe(403)
    expect(await edit('web', 'bob')).toBe(200)
  })

  test('is turned away when its user is no longer active, or when an exclusion stands in its own way', async () => {
    const { organizationId, id } = bed.membership('ada')
    const web = { type: 'project', externalId: 'web' }
    const subject = { agent: { type: 'assistant', externalId: 'clerk' } }
    expect(await edit('web', 'ada', 'clerk')).toBe(200)
    const { value } = await bed.engine.createExclusion({
      organizationId,
      subject,
      permission: 'project:edit',
      resource: web,
    })
    expect([await edit('web', 'ada', 'clerk'), await edit('web', 'ada')]).toEqual([403, 200])
    await bed.engine.deleteExclusion(organizationId, value.id)
    expect(await edit('web', 'ada', 'clerk')).toBe(200)
    await bed.engine.setMembershipStatus(organizationId, { membershipId: id }, 'inactive')
    expect(await edit('web', 'ada', 'clerk')).toBe(403)
  })

  test('needs every party of a chain to be allowed', async () => {
    expect(await edit('web', 'ada', 'scribe', 'clerk')).toBe(200)
    expect(await edit('app', 'ada', 'scribe', 'clerk')).toBe(403)
    expect(await edit('web', 'ada', 'scribe', 'idle', 'clerk')).toBe(403)
  })

  test('shows handlers the user for whom it acts, and hides from it what it may not see', async () => {
    const scribe = await bed.tokenFor('ada', { actors: ['scribe'] })
    expect(await request('/projects/web', scribe)).toMatchObject({ handler: 'view', user: 'user_ada' })
    const idle = await bed.tokenFor('ada', { actors: ['idle'] })
    expect(await request('/projects/web', idle)).toMatchObject({ status: 404, code: 'not_found' })
    expect(await request('/me', idle)).toMatchObject({ status: 200, user: 'user_ada' })
  })

  test('is decided by our own ids as well', async () => {
    const path = (place: 'project:web' | 'workspace:eng') => `/ids/${parseResourceId(bed.resource(place).id)}`
    const scribe = await bed.tokenFor('ada', { actors: ['scribe'] })
    expect((await request(path('project:web'), scribe)).status).toBe(200)
    expect((await request(path('workspace:eng'), scribe)).status).toBe(403)
    const idle = await bed.tokenFor('ada', { actors: ['idle'] })
    expect((await request(path('project:web'), idle)).status).toBe(403)
  })

  test('is 401 where the application has not opted in, and its user is not', async () => {
    const { engine, issuer } = bed
    const other = await stack.serve({
      authorizer: createAuthorizer({ engine, session: issuer.sessionOptions }),
    })
    try {
      const refused = await request('/me', await bed.tokenFor('ada', { actors: ['scribe'] }), { to: other })
      expect(refused).toMatchObject({ status: 401, code: 'session_agent_refused' })
      expect((await request('/me', await bed.tokenFor('ada'), { to: other })).status).toBe(200)
      expect(other.handled).toEqual(['me'])
    } finally {
      await other.close()
    }
  })

  test('is read from the tokens that WorkOS gives to agents', async () => {
    const workos = (agent: string) => ({
      claims: { sub: agent, sub_profile: 'ai_agent', act: { sub: 'user_ada', sub_profile: 'user' } },
    })
    const as = async (agent: string, path: string) =>
      (await request(path, await bed.tokenFor('ada', workos(agent)), { method: 'PATCH' })).status
    expect([await as('clerk', '/projects/web'), await as('clerk', '/projects/app')]).toEqual([200, 403])
    expect(await as('idle', '/projects/web')).toBe(403)
  })
})
