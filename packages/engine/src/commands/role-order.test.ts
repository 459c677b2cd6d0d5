import { compileModel } from '@bailiwick/core'
import { beforeEach, expect, test } from 'vitest'
import { acme, ann, definition, may, model, openAcme } from '../fixtures/acme.js'
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

test('what an order does not name keeps the order that was chosen before', async () => {
  const single = compileModel({ ...definition, roleMode: 'single' })
  engine = await openAcme({ model: single })
  await engine.createOrganizationRole({ organizationId: acme, name: 'Lead', slug: 'org-lead' })
  await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Staff', role: 'member' })
  await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Staff', role: 'accountant' })
  await engine.syncDirectoryGroups(acme, ann, ['Staff'])
  expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
  await engine.setRoleOrder(acme, { priority: ['accountant'] })
  expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  await engine.setRoleOrder(acme, { priority: ['editor'] })
  expect((await engine.getRoleOrder(acme)).priority).toEqual(['editor', 'accountant', 'member', 'org-lead'])
  expect(await may(engine, ann, 'billing:manage')).toBe('allow')
})

test('an order that is no array of slugs is refused', async () => {
  await engine.createOrganizationRole({ organizationId: acme, name: 'Lead', slug: 'org-lead' })
  const priority = 'accountant' as unknown as string[]
  await expect(engine.setRoleOrder(acme, { priority })).rejects.toMatchObject({ code: 'input_invalid' })
})
