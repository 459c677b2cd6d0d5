import { createAuthorizer } from '@bailiwick/client'
import { defineModel, type Permission } from '@bailiwick/core'
import type { TokenForOptions } from '@bailiwick/testing'
import { type TestEngine, testEngine } from '@bailiwick/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const model = defineModel({
  resourceTypes: {
    assistant: { parents: ['organization'], agent: true },
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
  },
  permissions: {
    'project:view': 'project',
    'project:delete': { on: 'project', fresh: true },
  },
  roles: {
    owner: { on: 'organization', permissions: ['project:view', 'project:delete'] },
    'workspace-viewer': { on: 'workspace', permissions: ['project:view'] },
  },
})

let bed: TestEngine<typeof model>

beforeEach(async () => {
  bed = await testEngine({
    model,
    agents: { type: 'assistant' },
    organizations: {
      acme: {
        resources: {
          'assistant:scribe': {},
          'workspace:design': { 'project:web': {} },
          'workspace:sales': { 'project:crm': {} },
        },
        people: {
          ada: { roles: ['owner'] },
          bob: { on: { 'workspace:design': 'workspace-viewer' } },
          ian: { roles: ['owner'], status: 'inactive' },
        },
        agents: { 'assistant:scribe': { on: { 'workspace:design': 'workspace-viewer' } } },
      },
    },
  })
})

afterEach(() => bed.close())

async function scopeFor(
  person: string,
  permission: Permission,
  token: TokenForOptions = {},
  options?: Parameters<typeof bed.authz.scopeFor>[3],
) {
  const session = await bed.sessionFor(person, token)
  return bed.authz.scopeFor(session, permission, 'project', options)
}

const everything = { kind: 'all', organizationId: 'org_acme', type: 'project' }
const design = {
  kind: 'some',
  within: [{ type: 'workspace', externalId: 'design' }],
  except: [],
}

describe('the scope of a session', () => {
  test('is everything where the token says so, and the engine is not asked', async () => {
    const asked = vi.spyOn(bed.engine, 'scope')
    expect(await scopeFor('ada', 'project:view')).toEqual(everything)
    expect(asked).not.toHaveBeenCalled()
    expect(await scopeFor('bob', 'project:view')).toMatchObject(design)
    expect(asked).toHaveBeenCalledOnce()
  })

  test('is what the engine says for a permission that is to be fresh, or a check that is', async () => {
    const { id, organizationId } = bed.membership('ada')
    const session = await bed.sessionFor('ada')
    await bed.engine.setMembershipRoles(organizationId, { membershipId: id }, [])
    expect(await bed.authz.scopeFor(session, 'project:view', 'project')).toEqual(everything)
    expect(await bed.authz.scopeFor(session, 'project:delete', 'project')).toEqual({ kind: 'none' })
    expect(await bed.authz.scopeFor(session, 'project:view', 'project', { fresh: true })).toEqual({
      kind: 'none',
    })
    expect(await bed.authz.scopeFor(session, 'project:view', 'project', { consistency: 'latest' })).toEqual({
      kind: 'none',
    })
  })

  test('leaves out what is denied, though the token knows nothing of it', async () => {
    const { id, organizationId } = bed.membership('ada')
    const session = await bed.sessionFor('ada')
    await bed.engine.createExclusion({
      organizationId,
      subject: { membershipId: id },
      permission: 'project:view',
      resource: { type: 'workspace', externalId: 'sales' },
    })
    expect(await bed.authz.scopeFor(session, 'project:view', 'project')).toMatchObject({
      kind: 'some',
      except: [{ externalId: 'sales' }],
    })
  })

  test('of an agent is what it shares with whom it acts for', async () => {
    expect(await scopeFor('ada', 'project:view', { actors: ['scribe'] })).toMatchObject(design)
    expect(await scopeFor('bob', 'project:delete', { actors: ['scribe'] })).toEqual({ kind: 'none' })
  })

  test('is nothing for who is not active, or is in no organization', async () => {
    expect(await scopeFor('ian', 'project:view', {}, { fresh: true })).toEqual({ kind: 'none' })
    const session = { ...(await bed.sessionFor('ada')), organizationId: undefined }
    expect(await bed.authz.scopeFor(session, 'project:view', 'project')).toEqual({ kind: 'none' })
  })

  test('is an error, never everything, for what is mistyped or cannot be decided in time', async () => {
    const session = await bed.sessionFor('ada')
    await expect(bed.authz.scopeFor(session, 'project:veiw', 'project')).rejects.toMatchObject({
      code: 'permission_unknown',
    })
    await expect(bed.authz.scopeFor(session, 'project:view', 'projekt')).rejects.toMatchObject({
      code: 'resource_type_unknown',
    })
    vi.spyOn(bed.engine, 'scope').mockReturnValue(new Promise(() => {}))
    const hasty = createAuthorizer({ engine: bed.engine, session: bed.issuer.sessionOptions, deadlineMs: 1 })
    await expect(
      hasty.scopeFor(await bed.sessionFor('bob'), 'project:view', 'project'),
    ).rejects.toMatchObject({
      code: 'decision_timeout',
    })
  })
})
