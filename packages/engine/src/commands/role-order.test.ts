import { beforeEach, expect, test } from 'vitest'
import { acme, model } from '../fixtures/acme.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'

let engine: Awaited<ReturnType<typeof openEngine>>

beforeEach(async () => {
  engine = await openEngine({ model, store: memoryStore() })
  await engine.createOrganization({ id: acme, name: 'Acme' })
})

test('the order of an organization is that of the model, until it has a role of its own', async () => {
  expect(await engine.getRoleOrder(acme)).toEqual({
    defaultRole: 'member',
    priority: ['member', 'editor', 'accountant'],
  })
  await engine.createOrganizationRole({ organizationId: acme, name: 'Lead', slug: 'org-lead' })
  await engine.setRoleOrder(acme, { defaultRole: 'org-lead', priority: ['org-lead', 'accountant'] })
  expect(await engine.getRoleOrder(acme)).toEqual({
    defaultRole: 'org-lead',
    priority: ['org-lead', 'accountant', 'member', 'editor'],
  })
})

test('an organization may have no default role, and roles of other types have no priority', async () => {
  await engine.createOrganizationRole({
    organizationId: acme,
    name: 'Owner',
    slug: 'org-owner',
    on: 'project',
  })
  await engine.setRoleOrder(acme, { defaultRole: null })
  expect(await engine.getRoleOrder(acme)).toEqual({
    defaultRole: null,
    priority: ['member', 'editor', 'accountant'],
  })
})
