import { type AuthorizationEngine, compileModel, type OrganizationId } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  acme,
  ann,
  assign,
  bob,
  create,
  definition,
  may,
  openAcme,
  project,
  workspace,
} from './fixtures/acme.js'
import { openEngine } from './open-engine.js'
import { memoryStore } from './store/memory-store.js'

let engine: AuthorizationEngine

beforeEach(async () => {
  engine = await openAcme()
})

describe('what was removed and is made again under its old name starts empty', () => {
  test('a resource, with all below it', async () => {
    await assign(engine, ann, 'workspace-admin', workspace('eng'))
    await assign(engine, bob, 'project-editor', project('web'))
    await engine.deleteResource(acme, workspace('eng'), { cascade: true })
    await create(engine, workspace('eng'))
    await create(engine, project('web'), workspace('eng'))
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
    expect(await may(engine, bob, 'project:edit', project('web'))).toBe('no_grant')
    expect(await engine.listAssignments(acme, bob)).toEqual([])
  })

  test("an organization's own role", async () => {
    const lead = {
      organizationId: acme,
      name: 'Lead',
      slug: 'org-lead',
      permissions: ['billing:manage'],
    } as const
    const first = await engine.createOrganizationRole(lead)
    await engine.setMembershipRoles(acme, ann, ['org-lead'])
    await engine.setMembershipRoles(acme, ann, [])
    await engine.deleteOrganizationRole(acme, 'org-lead')
    const second = await engine.createOrganizationRole(lead)
    expect(second.value.id).not.toBe(first.value.id)
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
  })

  test('a membership under its id, in groups as in roles', async () => {
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Builders' })
    await assign(engine, { groupId: group.id }, 'project-editor', project('web'))
    await engine.addGroupMember(acme, group.id, ann)
    await assign(engine, ann, 'accountant')
    await engine.deleteMembership(acme, ann)
    await engine.createMembership({
      organizationId: acme,
      userId: 'user_ann',
      id: ann.membershipId,
      roles: [],
    })
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    expect(await engine.listGroupMembers(acme, group.id)).toEqual([])
  })

  test('a permission of the model, for an organization role that held it', async () => {
    const store = memoryStore()
    const first = await openAcme({ store })
    await first.createOrganizationRole({
      organizationId: acme,
      name: 'Lead',
      slug: 'org-lead',
      permissions: ['billing:manage'],
    })
    await first.setMembershipRoles(acme, ann, ['org-lead'])
    expect(await may(first, ann, 'billing:manage')).toBe('allow')
    await first.close()
    const { 'billing:manage': _, ...permissions } = definition.permissions
    const { accountant: __, ...roles } = definition.roles
    await (await openEngine({ store, model: compileModel({ ...definition, permissions, roles }) })).close()
    const again = await openEngine({ store, model: compileModel(definition) })
    expect(await may(again, ann, 'billing:manage')).toBe('no_grant')
    expect((await again.listOrganizationRoles(acme))[0]?.permissions).toEqual([])
  })

  test('an organization, and its revisions go on', async () => {
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Builders' })
    await engine.addGroupMember(acme, group.id, ann)
    await assign(engine, { groupId: group.id }, 'workspace-admin', workspace('eng'))
    await engine.createOrganizationRole({ organizationId: acme, name: 'Lead', slug: 'org-lead' })
    await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Books', role: 'accountant' })
    await engine.createExclusion({ organizationId: acme, subject: ann, permission: 'project:view' })
    const deleted = await engine.deleteOrganization(acme)
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('organization_unknown')
    expect(await engine.getOrganization(acme)).toBeUndefined()
    await expect(engine.deleteOrganization(acme)).rejects.toMatchObject({ code: 'organization_not_found' })

    const made = await engine.createOrganization({ id: acme, name: 'Acme again' })
    expect(revisionOf(made.token)).toBe(revisionOf(deleted.token) + 1)
    expect(await engine.findMembership(acme, ann)).toBeUndefined()
    await engine.createMembership({
      organizationId: acme,
      userId: 'user_ann',
      id: ann.membershipId,
      roles: [],
    })
    await create(engine, workspace('eng'))
    await create(engine, project('web'), workspace('eng'))
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
    expect(await engine.isExcludedSomewhere(acme, 'project:view')).toBe(false)
    expect(await engine.listGroups(acme)).toEqual([])
    expect(await engine.listOrganizationRoles(acme)).toEqual([])
    expect(await engine.listDirectoryMappings(acme)).toEqual([])
    await expect(engine.setRoleOrder(acme, { priority: [] })).rejects.toMatchObject({
      code: 'no_organization_roles',
    })
  })
})

describe('a deleted organization', () => {
  test('leaves its ids free, and its neighbours alone', async () => {
    const { value: globex } = await engine.createOrganization({ name: 'Globex' })
    await engine.deleteOrganization(acme)
    expect(await engine.getOrganization(globex.id)).toEqual(globex)
    await engine.createMembership({
      organizationId: globex.id,
      userId: 'user_ann',
      id: ann.membershipId,
      roles: ['editor'],
    })
    const question = { organizationId: globex.id, subject: ann, permission: 'project:edit' }
    expect(await engine.check(question)).toMatchObject({ kind: 'allow' })
  })

  test('is gone for writes that waited behind the deletion, and back for those behind its making', async () => {
    const outcomes = await Promise.allSettled([
      engine.createGroup({ organizationId: acme, name: 'before' }),
      engine.deleteOrganization(acme),
      engine.createGroup({ organizationId: acme, name: 'between' }),
      engine.createOrganization({ id: acme, name: 'Acme again' }),
      engine.createGroup({ organizationId: acme, name: 'after' }),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ])
    expect((await engine.listGroups(acme)).map(({ name }) => name)).toEqual(['after'])
  })

  test('is gone when the store is read again', async () => {
    const store = memoryStore()
    const first = await openAcme({ store })
    await first.deleteOrganization(acme)
    const second = await openEngine({ store, model: compileModel(definition) })
    expect(await second.getOrganization(acme)).toBeUndefined()
    await expect(second.deleteOrganization('org_never' as OrganizationId)).rejects.toMatchObject({
      code: 'organization_not_found',
    })
  })
})

function revisionOf(token: string): number {
  return (JSON.parse(Buffer.from(token, 'base64url').toString()) as [string, string, number])[2]
}
