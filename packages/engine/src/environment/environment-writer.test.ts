import { compileModel } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { acme, agent, ann, assign, definition, may, openAcme } from '../fixtures/acme.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'

const exclusive = () => memoryStore({ access: 'exclusive' })

describe('settings', () => {
  test('a new role comes last in the order of priority, also for an organization with an order of its own', async () => {
    const engine = await openAcme({
      store: exclusive(),
      model: compileModel({ ...definition, roleMode: 'single' }),
    })
    await engine.createOrganizationRole({ organizationId: acme, name: 'Lead', slug: 'org-lead' })
    await engine.createRole({ slug: 'auditor', permissions: ['billing:manage'] })
    expect((await engine.getSettings()).rolePriority).toEqual(['member', 'editor', 'accountant', 'auditor'])
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Auditors' })
    await engine.addGroupMember(acme, group.id, ann)
    await assign(engine, { groupId: group.id }, 'auditor')
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    await engine.setMembershipRoles(acme, ann, ['org-lead'])
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    await engine.changeSettings({ rolePriority: ['auditor'] })
    expect((await engine.getSettings()).rolePriority).toEqual(['auditor', 'member', 'editor', 'accountant'])
    expect((await engine.listRoles()).map(({ slug }) => slug).slice(0, 2)).toEqual(['auditor', 'member'])
  })

  test('what is left out stays, and the default role may be none', async () => {
    const engine = await openAcme({ store: exclusive() })
    await engine.changeSettings({ roleMode: 'single' })
    await engine.changeSettings({ defaultRole: null })
    expect(await engine.getSettings()).toMatchObject({ roleMode: 'single', defaultRole: null, maxDepth: 5 })
    await expect(engine.changeSettings({ defaultRole: 'workspace-admin' })).rejects.toMatchObject({
      code: 'model_invalid',
    })
  })

  test('the default role of the environment is not deleted', async () => {
    const engine = await openAcme({ store: exclusive() })
    await expect(engine.deleteRole('member')).rejects.toMatchObject({ code: 'model_change_refused' })
    await engine.changeSettings({ defaultRole: 'editor' })
    await engine.deleteRole('member')
    expect((await engine.getSettings()).rolePriority).toEqual(['editor', 'accountant'])
  })
})

describe('what is refused, changes nothing', () => {
  const cases: readonly (readonly [string, (engine: EmbeddedEngine) => Promise<unknown>, string])[] = [
    ['a permission twice', (e) => e.createPermission({ slug: 'project:edit' }), 'permission_exists'],
    ['a role twice', (e) => e.createRole({ slug: 'member' }), 'role_exists'],
    ['a type twice', (e) => e.createResourceType({ slug: 'project' }), 'resource_type_exists'],
    ['the root type', (e) => e.createResourceType({ slug: 'organization' }), 'resource_type_exists'],
    [
      'a role on a type that is none',
      (e) => e.createRole({ slug: 'r', on: 'proj' }),
      'resource_type_unknown',
    ],
    ['a role like one of an organization', (e) => e.createRole({ slug: 'org-r' }), 'model_invalid'],
    ['a type under itself', (e) => e.addParentType('workspace', 'project'), 'model_invalid'],
    [
      'a permission from above its type in a role',
      (e) => e.updateRole('project-editor', { permissions: { add: ['billing:manage'] } }),
      'input_invalid',
    ],
    [
      'a permission that is none in a role',
      (e) => e.updateRole('project-editor', { permissions: ['project:edti'] }),
      'permission_unknown',
    ],
    ['no edit', (e) => e.updateRole('member', { permissions: { add: 'x' } as never }), 'input_invalid'],
    ['a slug of capitals', (e) => e.createPermission({ slug: 'Project:Edit' }), 'input_invalid'],
    ['an unknown permission', (e) => e.updatePermission('toString', { name: 'x' }), 'permission_not_found'],
    ['an unknown role', (e) => e.deleteRole('constructor'), 'role_not_found'],
    ['an unknown type', (e) => e.deleteResourceType('organization'), 'resource_type_not_found'],
  ]
  test.each(cases)('%s', async (_, change, code) => {
    const engine = await openAcme({ store: exclusive() })
    const before = [
      await engine.listRoles(),
      await engine.listPermissions(),
      await engine.listResourceTypes(),
    ]
    await expect(change(engine)).rejects.toMatchObject({ code })
    expect([
      await engine.listRoles(),
      await engine.listPermissions(),
      await engine.listResourceTypes(),
    ]).toEqual(before)
  })

  test('an exclusion keeps its permission', async () => {
    const engine = await openAcme({ store: exclusive() })
    const { value } = await engine.createExclusion({
      organizationId: acme,
      subject: agent('helper'),
      permission: 'project:edit',
    })
    await expect(engine.deletePermission('project:edit')).rejects.toMatchObject({
      code: 'model_change_refused',
    })
    await engine.deleteExclusion(acme, value.id)
    await engine.deletePermission('project:edit')
  })
})

describe('what people read', () => {
  test('a name and a description are changed, and cleared, and it is said when', async () => {
    let now = Date.parse('2026-01-01T00:00:00.000Z')
    const engine = await openEngine({ store: exclusive(), model: compileModel(definition), clock: () => now })
    now += 60_000
    const { value: permission } = await engine.updatePermission('project:edit', {
      name: 'Edit',
      description: 'Change what is in it',
    })
    expect(permission).toMatchObject({
      name: 'Edit',
      description: 'Change what is in it',
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:01:00.000Z',
    })
    now += 60_000
    await engine.updateRole('editor', { description: 'x', permissions: [] })
    await engine.updateResourceType('project', { name: 'Project' })
    // What a change does not concern, stays as it was.
    expect(await engine.getPermission('project:edit')).toEqual(permission)
    const { value: cleared } = await engine.updatePermission('project:edit', { description: null })
    expect(cleared).toMatchObject({ name: 'Edit', description: null, updatedAt: '2026-01-01T00:02:00.000Z' })
    expect(await engine.listResourceTypes()).toMatchObject([
      { slug: 'bot', updatedAt: '2026-01-01T00:00:00.000Z' },
      { slug: 'project', name: 'Project', updatedAt: '2026-01-01T00:02:00.000Z' },
      { slug: 'workspace' },
    ])
  })

  test('what an earlier release stored without dates is as old as its environment', async () => {
    const store = exclusive()
    const at = '2025-01-01T00:00:00.000Z'
    const old = await store()
    const permission = {
      id: 'perm_01',
      slug: 'a:b',
      name: 'a:b',
      description: null,
      on: 'organization',
      fresh: false,
    }
    await old.append('environment', 0, [
      { at, changes: [{ op: 'put', kind: 'permission', entity: permission as never }] },
    ])
    await old.close()
    const engine = await openEngine({ store })
    expect(await engine.getPermission('a:b')).toMatchObject({ createdAt: at, updatedAt: at })
    await engine.createRole({ slug: 'holder', permissions: ['a:b'] })
    expect(await engine.getPermission('a:b')).toMatchObject({ createdAt: at, updatedAt: at })
  })

  test('permissions are listed in pages, both ways and from the end', async () => {
    const engine = await openAcme({ store: exclusive() })
    const all = (await engine.listPermissions({ limit: 100 })).items
    expect(all).toHaveLength(4)
    const first = await engine.listPermissions({ limit: 3 })
    expect(first).toEqual({ items: all.slice(0, 3), before: null, after: all[2]!.id })
    const second = await engine.listPermissions({ limit: 3, after: first.after! })
    expect(second).toEqual({ items: all.slice(3), before: all[3]!.id, after: null })
    const back = await engine.listPermissions({ limit: 2, before: second.before! })
    expect(back).toEqual({ items: all.slice(1, 3), before: all[1]!.id, after: all[2]!.id })
    const last = await engine.listPermissions({ limit: 3, order: 'desc' })
    expect(last).toEqual({ items: all.slice(1).reverse(), before: null, after: all[1]!.id })
    expect((await engine.listPermissions({ order: 'desc', after: last.after! })).items).toEqual([all[0]])
    await expect(engine.listPermissions({ after: 'om_ann' })).rejects.toMatchObject({
      code: 'cursor_invalid',
    })
  })
})
