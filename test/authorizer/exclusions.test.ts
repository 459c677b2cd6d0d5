import { decidedBy, type Target } from '@bailiwick/client'
import { defineModel, type OrganizationId, type Permission } from '@bailiwick/core'
import { type TestEngine, type TokenForOptions, testEngine } from '@bailiwick/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const model = defineModel({
  resourceTypes: { workspace: { parents: ['organization'] }, project: { parents: ['workspace'] } },
  permissions: { 'project:view': 'project', 'project:edit': 'project', 'billing:manage': 'organization' },
  roles: {
    owner: { on: 'organization', permissions: ['project:view', 'project:edit', 'billing:manage'] },
  },
})

const web = { type: 'project', externalId: 'web' }
const docs = { type: 'project', externalId: 'docs' }

let bed: TestEngine<typeof model>

beforeEach(async () => {
  bed = await testEngine({
    model,
    organizations: {
      acme: {
        resources: { 'workspace:design': { 'project:web': {}, 'project:docs': {} } },
        people: {
          ada: { roles: ['owner'] },
          bob: { roles: ['owner'], denied: { 'project:web': 'project:edit' } },
        },
      },
      globex: {
        resources: { 'workspace:design': { 'project:web': {} } },
        people: { gus: { roles: ['owner'] } },
      },
    },
  })
})

afterEach(() => bed.close())

/** What an identity provider says that knows of no exclusions. */
const wide: TokenForOptions = { permissions: ['billing:manage', 'project:edit', 'project:view'] }

async function ask(person: string, permission: Permission, target?: Target, tenantScoped = false) {
  const session = await bed.sessionFor(person, wide)
  const decision = await bed.authz.check(session, permission, target, { tenantScoped })
  return `${decision.kind === 'allow' ? 'allow' : decision.reason} by ${decidedBy(decision)}`
}

describe('a permission that an exclusion denies', () => {
  test('is left to the engine, which denies there and allows beside it', async () => {
    expect(await ask('bob', 'project:edit', web)).toBe('excluded by engine')
    expect(await ask('bob', 'project:edit', docs)).toBe('allow by engine')
    expect(await ask('bob', 'project:view', web)).toBe('allow by token')
  })

  test('is left to the engine for everybody in the organization, and for nobody in another', async () => {
    expect(await ask('ada', 'project:edit', web)).toBe('allow by engine')
    expect(await ask('gus', 'project:edit', web)).toBe('allow by token')
  })

  test('is not opened by a locator that names the organization, nor by a handler that loads by it', async () => {
    const named = { ...web, organizationId: 'org_acme' as OrganizationId }
    expect(await ask('bob', 'project:edit', named)).toBe('excluded by engine')
    expect(await ask('bob', 'project:edit', web, true)).toBe('excluded by engine')
    expect(await ask('bob', 'project:view', named)).toBe('allow by token')
    expect(await ask('bob', 'project:view', web, true)).toBe('allow by token')
  })

  test('is denied on the whole organization where the exclusion says so', async () => {
    const { id, organizationId } = bed.membership('ada')
    expect(await ask('ada', 'billing:manage')).toBe('allow by token')
    const subject = { membershipId: id }
    const exclusion = { organizationId, subject, permission: 'billing:manage' } as const
    const { value } = await bed.engine.createExclusion(exclusion)
    expect(await ask('ada', 'billing:manage')).toBe('excluded by engine')
    expect(await ask('bob', 'billing:manage')).toBe('allow by engine')
    await bed.engine.deleteExclusion(organizationId, value.id)
    expect(await ask('ada', 'billing:manage')).toBe('allow by token')
  })

  test('is told from one that is granted alone, which leaves the token its word', async () => {
    const { id, organizationId } = bed.membership('ada')
    const grant = { organizationId, subject: { membershipId: id }, permission: 'project:view' } as const
    await bed.engine.createExclusion({ ...grant, effect: 'allow' })
    expect(await ask('ada', 'project:view', web)).toBe('allow by token')
    await bed.engine.createExclusion({ ...grant, effect: 'deny' })
    expect(await ask('ada', 'project:view', web)).toBe('excluded by engine')
  })

  test('is in no token that the issuer of these tests writes by itself', async () => {
    expect((await bed.sessionFor('bob')).permissions).toEqual(['billing:manage', 'project:view'])
    expect((await bed.sessionFor('gus')).permissions).toEqual([
      'billing:manage',
      'project:edit',
      'project:view',
    ])
    expect(bed.authz.has(await bed.sessionFor('bob'), 'project:edit')).toBe(false)
    // A token of an identity provider that does not know holds it still: `has` is for menus.
    expect(bed.authz.has(await bed.sessionFor('bob', wide), 'project:edit')).toBe(true)
  })

  test('is explained by the exclusion', async () => {
    const { decision, sentences, decidedBy } = await bed.authz.explain(
      await bed.sessionFor('bob', wide),
      'project:edit',
      web,
    )
    expect([decision.kind, decidedBy]).toEqual(['deny', 'engine'])
    expect(sentences.join('\n')).toMatch(
      /exclusion `exclusion_\w+` denies it to membership `om_acme_bob` on project `web`/,
    )
  })
})
