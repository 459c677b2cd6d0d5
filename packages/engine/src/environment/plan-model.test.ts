import { type AuthorizationEngine, compileModel, type ModelDefinition } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import {
  acme,
  agent,
  ann,
  assign,
  bob,
  definition,
  may,
  openAcme,
  project,
  workspace,
} from '../fixtures/acme.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'
import type { Store, StoreOpener } from '../store/store.js'
import { planModel } from './plan-model.js'

let store: StoreOpener
let engine: AuthorizationEngine

beforeEach(async () => {
  store = memoryStore()
  engine = await openAcme({ store })
})

const before: ModelDefinition = definition

function withRole(slug: string, permissions: readonly string[], on = 'organization'): ModelDefinition {
  return { ...before, roles: { ...before.roles, [slug]: { on, permissions } } }
}

function without(
  part: 'resourceTypes' | 'permissions' | 'roles',
  ...slugs: readonly string[]
): ModelDefinition {
  const kept = Object.entries(before[part]).filter(([slug]) => !slugs.includes(slug))
  return { ...before, [part]: Object.fromEntries(kept) }
}

const plan = (next: ModelDefinition) => planModel(store, compileModel(next))

/** What opening with the model does: the blockers that it names, or nothing when it opens. */
async function refusal(next: ModelDefinition): Promise<unknown> {
  try {
    await (await openEngine({ store, model: compileModel(next) })).close()
    return []
  } catch (error) {
    return (error as { blockers: unknown }).blockers
  }
}

describe('the plan of a model', () => {
  test('that is the stored one has no steps', async () => {
    expect(await plan(before)).toEqual({ steps: [], blockers: [] })
  })

  test('says for a new store that everything is new, and safe', async () => {
    const { steps, blockers } = await planModel(memoryStore(), compileModel(before))
    expect(new Set(steps.map(({ op, danger }) => `${op} ${danger}`))).toEqual(
      new Set(['add safe', 'change safe']),
    )
    expect(steps.map(({ slug }) => slug)).toEqual(
      expect.arrayContaining(['workspace', 'project:edit', 'editor']),
    )
    expect(blockers).toEqual([])
  })

  test('tells of what only grows', async () => {
    const next = {
      ...before,
      resourceTypes: {
        ...before.resourceTypes,
        project: { parents: ['workspace', 'organization'] },
        workspace: { parents: ['organization'], agent: true },
        document: { parents: ['project'] },
      },
      permissions: { ...before.permissions, 'document:read': 'document' },
    }
    const { steps, blockers } = await plan(next)
    expect(steps.map(({ op, part, slug, danger }) => [op, part, slug, danger])).toEqual([
      ['add', 'agent', 'workspace', 'safe'],
      ['add', 'parent', 'project under organization', 'safe'],
      ['add', 'resource_type', 'document', 'safe'],
      ['add', 'permission', 'document:read', 'safe'],
    ])
    expect(blockers).toEqual([])
    expect(await refusal(next)).toEqual([])
    expect(await plan(next)).toEqual({ steps: [], blockers: [] })
  })

  test('counts who gains and who loses when a role changes', async () => {
    await engine.setMembershipRoles(acme, ann, ['member', 'editor'])
    await engine.createMembership({ organizationId: acme, userId: 'eve' })
    await assign(engine, bob, 'member')
    await engine.createDirectoryMapping({ organizationId: acme, directoryGroup: 'Staff', role: 'member' })
    const { steps } = await plan(withRole('member', ['billing:manage']))
    const reach = { memberships: 2, assignments: 1, mappings: 1, organizationRoles: 0 }
    const nobody = { memberships: 0, assignments: 0, mappings: 0, organizationRoles: 0 }
    expect(steps).toEqual([
      {
        op: 'add',
        part: 'role_permission',
        slug: 'member holds billing:manage',
        summary: 'its holders gain it',
        gains: reach,
        loses: nobody,
        danger: 'grants',
      },
      {
        op: 'remove',
        part: 'role_permission',
        slug: 'member holds project:view',
        summary: 'its holders lose it',
        gains: nobody,
        loses: reach,
        danger: 'revokes',
      },
    ])
  })

  test('counts a membership once that has two of the roles which lose a permission', async () => {
    await engine.setMembershipRoles(acme, ann, ['member', 'editor'])
    const roles = Object.entries(before.roles).map(([slug, { on, permissions }]) => [
      slug,
      { on, permissions: permissions.filter((each) => each !== 'project:view') },
    ])
    const next = { ...without('permissions', 'project:view'), roles: Object.fromEntries(roles) }
    expect((await plan(next)).steps).toMatchObject([
      { part: 'permission', loses: { memberships: 1 }, danger: 'revokes' },
    ])
  })

  test('is safe where a role changes that nobody has', async () => {
    const { steps } = await plan(withRole('accountant', []))
    expect(steps).toMatchObject([{ op: 'remove', part: 'role_permission', danger: 'safe' }])
  })

  test('counts for a permission that goes each holder once, and the organization roles that lose it', async () => {
    await engine.setMembershipRoles(acme, ann, ['accountant', 'editor'])
    await engine.createOrganizationRole({
      organizationId: acme,
      name: 'Lead',
      slug: 'org-lead',
      permissions: ['billing:manage', 'project:view'],
    })
    await engine.setMembershipRoles(acme, bob, ['org-lead'])
    const next = {
      ...without('permissions', 'billing:manage'),
      roles: { ...before.roles, accountant: { on: 'organization', permissions: [] } },
    }
    const { steps, blockers } = await plan(next)
    expect(steps).toMatchObject([
      {
        op: 'remove',
        part: 'permission',
        slug: 'billing:manage',
        loses: { memberships: 2, assignments: 0, mappings: 0, organizationRoles: 1 },
        danger: 'revokes',
      },
    ])
    expect(blockers).toEqual([])
    expect(await refusal(next)).toEqual([])
    const reopened = await openEngine({ store, model: compileModel(next) })
    expect((await reopened.listOrganizationRoles(acme))[0]?.permissions).toEqual(['project:view'])
  })

  test('says what another role mode does to those who have several roles', async () => {
    await engine.setMembershipRoles(acme, ann, ['accountant', 'member'])
    await engine.setMembershipRoles(acme, bob, ['member'])
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Books' })
    await assign(engine, { groupId: group.id }, 'accountant')
    const single = { ...before, roleMode: 'single' } as const
    expect((await plan(single)).steps).toMatchObject([
      { part: 'setting', slug: 'roleMode', loses: { memberships: 1 }, danger: 'revokes' },
    ])
    await engine.addGroupMember(acme, group.id, bob)
    expect((await plan(single)).steps).toMatchObject([{ loses: { memberships: 2 }, danger: 'revokes' }])
    expect(await refusal(single)).toEqual([])
    expect((await plan(before)).steps).toMatchObject([{ gains: { memberships: 2 }, danger: 'grants' }])
  })

  test('says who may be concerned by another order of priority, where one role counts at a time', async () => {
    await engine.setMembershipRoles(acme, ann, ['accountant', 'member'])
    await engine.setMembershipRoles(acme, bob, ['member'])
    const rolePriority = ['accountant', 'editor', 'member']
    expect((await plan({ ...before, rolePriority })).steps).toMatchObject([
      { slug: 'rolePriority', gains: { memberships: 0 }, danger: 'safe' },
    ])
    await refusal({ ...before, roleMode: 'single' })
    expect((await plan({ ...before, roleMode: 'single', rolePriority })).steps).toMatchObject([
      { slug: 'rolePriority', gains: { memberships: 1 }, loses: { memberships: 1 }, danger: 'revokes' },
    ])
  })

  test('says it by the step of the mode alone, where the order changes together with it', async () => {
    await engine.setMembershipRoles(acme, ann, ['accountant', 'member'])
    const rolePriority = ['accountant', 'editor', 'member']
    const single = { ...before, roleMode: 'single', rolePriority } as const
    expect((await plan(single)).steps).toMatchObject([
      { slug: 'roleMode', danger: 'revokes' },
      { slug: 'rolePriority', loses: { memberships: 0 }, danger: 'safe' },
    ])
    expect(await refusal(single)).toEqual([])
    expect((await plan(before)).steps).toMatchObject([
      { slug: 'roleMode', danger: 'grants' },
      { slug: 'rolePriority', loses: { memberships: 0 }, danger: 'safe' },
    ])
  })

  test('revokes where only a mapping gives the role that changes, or only an organization role has what goes', async () => {
    expect((await plan(withRole('accountant', []))).steps).toMatchObject([{ danger: 'safe' }])
    const input = { organizationId: acme, directoryGroup: 'Books', role: 'accountant' }
    const { value: mapping } = await engine.createDirectoryMapping(input)
    expect((await plan(withRole('accountant', []))).steps).toMatchObject([
      { loses: { mappings: 1 }, danger: 'revokes' },
    ])
    await engine.deleteDirectoryMapping(acme, mapping.id)
    const next = { ...without('permissions', 'billing:manage'), roles: withRole('accountant', []).roles }
    expect((await plan(next)).steps).toMatchObject([{ part: 'permission', danger: 'safe' }])
    const permissions = ['billing:manage']
    await engine.createOrganizationRole({ organizationId: acme, name: 'Lead', permissions })
    expect((await plan(next)).steps).toMatchObject([{ loses: { organizationRoles: 1 }, danger: 'revokes' }])
  })

  test('counts who has several roles on the organization, and no role below it', async () => {
    await engine.setMembershipRoles(acme, ann, ['member'])
    await assign(engine, ann, 'project-editor', project('web'))
    const single = { ...before, roleMode: 'single' } as const
    expect((await plan(single)).steps).toMatchObject([{ loses: { memberships: 0 }, danger: 'safe' }])
    await assign(engine, ann, 'accountant')
    expect((await plan(single)).steps).toMatchObject([{ loses: { memberships: 1 }, danger: 'revokes' }])
  })

  test('tells of another description, of another depth, and of what is always asked for', async () => {
    const next = {
      ...before,
      maxDepth: 9,
      permissions: { ...before.permissions, 'billing:manage': { on: 'organization', fresh: true } },
      roles: { ...before.roles, editor: { ...before.roles.editor, description: 'Edits.' } },
    } as ModelDefinition
    const permissions = ['billing:manage']
    await engine.createOrganizationRole({ organizationId: acme, name: 'Lead', permissions })
    const { steps } = await plan(next)
    expect(steps.map(({ op, part, slug, danger }) => [op, part, slug, danger])).toEqual([
      ['change', 'permission', 'billing:manage', 'safe'],
      ['change', 'role', 'editor', 'safe'],
      ['change', 'setting', 'maxDepth', 'safe'],
    ])
  })

  test('closes a store that it opened, and leaves one that was open', async () => {
    let opened: Store | undefined
    await planModel(async () => {
      opened = await store()
      return opened
    }, compileModel(before))
    await expect(opened?.revision('environment')).rejects.toMatchObject({ code: 'store_unavailable' })
    const kept = await store()
    await planModel(kept, compileModel(before))
    await expect(kept.revision('environment')).resolves.toBeGreaterThan(0)
  })

  test('changes nothing, and needs a store or the engine here', async () => {
    const next = withRole('member', [])
    const engineHere = engine as EmbeddedEngine
    expect(await planModel(engineHere, compileModel(next))).toEqual(await plan(next))
    expect(await may(engine, ann, 'project:view')).toBe('no_grant')
    await engine.setMembershipRoles(acme, ann, ['member'])
    expect(await may(engine, ann, 'project:view')).toBe('allow')
    const elsewhere = planModel({} as EmbeddedEngine, compileModel(next))
    await expect(elsewhere).rejects.toMatchObject({ code: 'misconfigured' })
  })
})

describe('what would be orphaned is refused, by the plan as at opening', () => {
  test('a type that an organization role is on', async () => {
    await engine.deleteResource(acme, workspace('eng'), { cascade: true })
    await engine.createOrganizationRole({
      organizationId: acme,
      name: 'Keeper',
      slug: 'org-keeper',
      on: 'bot',
    })
    const next = {
      ...without('resourceTypes', 'bot'),
      roles: without('roles', 'bot-keeper').roles,
    }
    const { steps, blockers } = await plan(next)
    expect(blockers).toMatchObject([{ part: 'resource_type', slug: 'bot', dependents: 1 }])
    expect(steps.find(({ part }) => part === 'resource_type')?.danger).toBe('refused')
    expect(await refusal(next)).toEqual(blockers)
    await engine.deleteOrganizationRole(acme, 'org-keeper')
    expect(await refusal(next)).toEqual([])
  })

  test("the agents' ability to act, while they hold something", async () => {
    const given = await assign(engine, agent('helper'), 'accountant')
    const { value: denied } = await engine.createExclusion({
      organizationId: acme,
      subject: agent('helper'),
      permission: 'project:edit',
    })
    const next = {
      ...before,
      resourceTypes: { ...before.resourceTypes, bot: { parents: ['workspace'] } },
    }
    const { steps, blockers } = await plan(next)
    expect(blockers).toMatchObject([{ part: 'agent', slug: 'bot', dependents: 2 }])
    expect(steps).toMatchObject([{ op: 'remove', part: 'agent', slug: 'bot', danger: 'refused' }])
    expect(await refusal(next)).toEqual(blockers)
    await engine.removeAssignment(acme, given.id)
    await engine.deleteExclusion(acme, denied.id)
    expect(await refusal(next)).toEqual([])
    const reopened = await openEngine({ store, model: compileModel(next) })
    expect(await may(reopened, agent('helper'), 'project:edit')).toBe('agent_unknown')
  })

  test('what goes, and not what comes in its place or changes beside it', async () => {
    await assign(engine, agent('helper'), 'accountant')
    await assign(engine, ann, 'project-editor', project('web'))
    const next = {
      ...withRole('project-editor', ['project:view', 'project:edit'], 'workspace'),
      resourceTypes: { ...before.resourceTypes, bot: { parents: ['workspace'], description: 'Still.' } },
    }
    const { steps, blockers } = await plan(next)
    expect(steps.map(({ op, part, slug, danger }) => [op, part, slug, danger])).toEqual([
      ['add', 'role', 'project-editor', 'safe'],
      ['change', 'resource_type', 'bot', 'safe'],
      ['remove', 'agent', 'bot', 'refused'],
      ['remove', 'role', 'project-editor', 'refused'],
    ])
    expect(await refusal(next)).toEqual(blockers)
  })

  test("only the agents' own: what others hold does not hold it back", async () => {
    await assign(engine, ann, 'accountant')
    const next = {
      ...before,
      resourceTypes: {
        ...before.resourceTypes,
        bot: { parents: ['workspace'] },
        document: { parents: ['project'], agent: true },
      },
    }
    expect((await plan(next)).blockers).toEqual([])
    await assign(engine, agent('helper'), 'accountant')
    expect((await plan(next)).blockers).toMatchObject([{ part: 'agent', slug: 'bot', dependents: 1 }])
  })

  test('no agent of a type that stays able to act', async () => {
    const resourceTypes = { ...before.resourceTypes, workspace: { parents: ['organization'], agent: true } }
    const both = await openEngine({ store, model: compileModel({ ...before, resourceTypes }) })
    await assign(both, { agent: workspace('eng') }, 'accountant')
    const next = { ...before, resourceTypes: { ...resourceTypes, bot: { parents: ['workspace'] } } }
    expect((await plan(next)).blockers).toEqual([])
    expect((await plan(before)).blockers).toMatchObject([{ part: 'agent', slug: 'workspace', dependents: 1 }])
  })

  test('a way down along which an organization role holds a permission, though no resource lies on it', async () => {
    for (const name of ['eng', 'ops']) await engine.deleteResource(acme, workspace(name), { cascade: true })
    const permissions = ['project:edit', 'workspace:manage']
    const input = { organizationId: acme, name: 'Lead', slug: 'org-lead', on: 'workspace', permissions }
    await engine.createOrganizationRole(input)
    const next = {
      ...before,
      resourceTypes: { ...before.resourceTypes, project: { parents: ['organization'] } },
      roles: { ...before.roles, 'workspace-admin': { on: 'workspace', permissions: ['workspace:manage'] } },
    }
    const { blockers } = await plan(next)
    expect(blockers).toMatchObject([{ part: 'permission', slug: 'project:edit', dependents: 1 }])
    expect(await refusal(next)).toEqual(blockers)
    await engine.updateOrganizationRole(acme, 'org-lead', { permissions: ['workspace:manage'] })
    expect(await refusal(next)).toEqual([])
  })

  test('a parent, and not one beside it that stays', async () => {
    const both = {
      ...before,
      resourceTypes: { ...before.resourceTypes, bot: { parents: ['workspace', 'project'], agent: true } },
    }
    expect(await refusal(both)).toEqual([])
    expect((await plan(before)).blockers).toEqual([])
    expect(await refusal(before)).toEqual([])
  })

  test('a role that is held, mapped, or the default of an organization', async () => {
    await engine.setMembershipRoles(acme, ann, ['accountant'])
    await assign(engine, bob, 'accountant')
    const { value: mapping } = await engine.createDirectoryMapping({
      organizationId: acme,
      directoryGroup: 'Books',
      role: 'accountant',
    })
    await engine.createOrganizationRole({ organizationId: acme, name: 'Lead' })
    await engine.setRoleOrder(acme, { defaultRole: 'accountant' })
    const next = without('roles', 'accountant')
    const { steps, blockers } = await plan(next)
    expect(blockers).toMatchObject([{ part: 'role', slug: 'accountant', dependents: 4 }])
    expect(steps).toMatchObject([{ op: 'remove', part: 'role', slug: 'accountant', danger: 'refused' }])
    expect(await refusal(next)).toEqual(blockers)
    await engine.setMembershipRoles(acme, ann, [])
    await engine.replaceAssignments(acme, bob, [])
    await engine.deleteDirectoryMapping(acme, mapping.id)
    expect((await plan(next)).blockers).toMatchObject([{ dependents: 1 }])
    // The priority order still names it, and simply loses it.
    await engine.setRoleOrder(acme, { defaultRole: 'member' })
    expect(await refusal(next)).toEqual([])
    const reopened = await openEngine({ store, model: compileModel(next) })
    await reopened.setRoleOrder(acme, { priority: ['editor'] })
  })

  test('a permission that an exclusion names: in again, it would be allowed to those to whom it was denied', async () => {
    const { value: denied } = await engine.createExclusion({
      organizationId: acme,
      subject: ann,
      permission: 'billing:manage',
    })
    const next = {
      ...without('permissions', 'billing:manage'),
      roles: { ...before.roles, accountant: { on: 'organization', permissions: [] } },
    }
    const { blockers } = await plan(next)
    expect(blockers).toMatchObject([{ part: 'permission', slug: 'billing:manage', dependents: 1 }])
    expect(await refusal(next)).toEqual(blockers)
    await engine.deleteExclusion(acme, denied.id)
    expect(await refusal(next)).toEqual([])
  })

  test('a permission that moves from under an organization role', async () => {
    await engine.createOrganizationRole({
      organizationId: acme,
      name: 'Lead',
      slug: 'org-lead',
      on: 'project',
      permissions: ['project:edit', 'project:view'],
    })
    const next = {
      ...before,
      permissions: { ...before.permissions, 'project:edit': 'workspace' },
      roles: { ...before.roles, 'project-editor': { on: 'project', permissions: ['project:view'] } },
    }
    const { steps, blockers } = await plan(next)
    expect(blockers).toMatchObject([{ part: 'permission', slug: 'project:edit', dependents: 1 }])
    expect(steps.find(({ op, part }) => op === 'change' && part === 'permission')?.danger).toBe('refused')
    expect(await refusal(next)).toEqual(blockers)
    await engine.updateOrganizationRole(acme, 'org-lead', { permissions: ['project:view'] })
    expect(await refusal(next)).toEqual([])
  })

  test('a parent that resources still lie under, once and with what to do', async () => {
    const next = {
      ...before,
      resourceTypes: { ...before.resourceTypes, project: { parents: ['organization'] } },
      roles: { ...before.roles, 'workspace-admin': { on: 'workspace', permissions: ['workspace:manage'] } },
    }
    const { steps, blockers } = await plan(next)
    expect(blockers).toMatchObject([{ part: 'parent', slug: 'project under workspace', dependents: 2 }])
    expect(blockers[0]?.remedy).toMatch(/move them, or keep that parent/)
    expect(steps.filter(({ danger }) => danger === 'refused')).toMatchObject([
      { op: 'remove', part: 'parent', slug: 'project under workspace' },
    ])
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
  })
})

describe('applying a model', () => {
  test('is one commit, and done again is none', async () => {
    const next = { ...withRole('auditor', ['project:view']), roleMode: 'single' } as const
    const opened = await store()
    const revision = await opened.revision('environment')
    await refusal(next)
    expect(await opened.revision('environment')).toBe(revision + 1)
    await refusal(next)
    expect(await opened.revision('environment')).toBe(revision + 1)
  })
})
