import {
  type AuthorizationEngine,
  defineModel,
  type MembershipId,
  type OrganizationId,
} from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { openEngine } from './open-engine.js'
import { memoryStore } from './store/memory-store.js'

const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
    app: { parents: ['project', 'workspace'] },
  },
  permissions: {
    'project:view': 'project',
    'project:edit': 'project',
    'app:deploy': 'app',
    'billing:manage': 'organization',
  },
  roles: {
    member: { on: 'organization', permissions: ['project:view'] },
    owner: {
      on: 'organization',
      permissions: ['billing:manage', 'project:view', 'project:edit', 'app:deploy'],
    },
    'workspace-admin': { on: 'workspace', permissions: ['project:view', 'project:edit', 'app:deploy'] },
    'project-editor': { on: 'project', permissions: ['project:edit'] },
  },
  defaultRole: 'member',
})

const acme = 'org_acme' as OrganizationId
const globex = 'org_globex' as OrganizationId
const ann = { membershipId: 'om_ann' as MembershipId }
const bob = { membershipId: 'om_bob' as MembershipId }
const workspace = (externalId: string) => ({ type: 'workspace', externalId })
const project = (externalId: string) => ({ type: 'project', externalId })
const app = (externalId: string) => ({ type: 'app', externalId })

let engine: AuthorizationEngine

beforeEach(async () => {
  engine = await openEngine({ store: memoryStore(), model, clock: () => 1_700_000_000_000 })
  await engine.createOrganization({ id: acme, name: 'Acme' })
  await engine.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId, roles: [] })
  await engine.createMembership({ organizationId: acme, userId: 'user_bob', id: bob.membershipId, roles: [] })
  for (const name of ['eng', 'ops']) await create('workspace', name)
  await create('project', 'web', workspace('eng'))
  await create('app', 'site', project('web'))
})

function create(
  type: string,
  externalId: string,
  parent?: { type: string; externalId: string },
  organizationId = acme,
) {
  return engine.createResource({
    organizationId,
    type,
    externalId,
    name: externalId,
    ...(parent && { parent }),
  })
}

async function may(
  subject: { membershipId: MembershipId },
  permission: string,
  resource?: { type: string; externalId: string },
) {
  const decision = await engine.check({
    organizationId: acme,
    subject,
    permission,
    ...(resource && { resource }),
  })
  return decision.kind === 'allow' ? 'allow' : decision.reason
}

describe('check', () => {
  test('a role holds on its resource and on everything below it, and nowhere else', async () => {
    await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'workspace-admin',
      resource: workspace('eng'),
    })
    expect(await may(ann, 'project:edit', workspace('eng'))).toBe('allow')
    expect(await may(ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(ann, 'app:deploy', app('site'))).toBe('allow')
    expect(await may(ann, 'project:edit', workspace('ops'))).toBe('no_grant')
    expect(await may(bob, 'project:edit', project('web'))).toBe('no_grant')
  })

  test('permissions never flow upward', async () => {
    await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'project-editor',
      resource: project('web'),
    })
    expect(await may(ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(ann, 'project:edit', workspace('eng'))).toBe('no_grant')
    expect(await may(ann, 'project:edit')).toBe('no_grant')
  })

  test('an organization role reaches every resource of the organization, and the organization-wide question', async () => {
    await engine.setMembershipRoles(acme, ann, ['owner'])
    expect(await may(ann, 'project:edit')).toBe('allow')
    expect(await may(ann, 'app:deploy', app('site'))).toBe('allow')
    await engine.setMembershipRoles(acme, ann, ['member'])
    expect(await may(ann, 'app:deploy', app('site'))).toBe('no_grant')
  })

  test('one external id in two organizations is two resources', async () => {
    await engine.createOrganization({ id: globex, name: 'Globex' })
    await create('workspace', 'eng', undefined, globex)
    await create('project', 'web', workspace('eng'), globex)
    await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'project-editor',
      resource: project('web'),
    })
    const theirs = await engine.findResource(globex, project('web'))
    expect(await may(ann, 'project:edit', project('web'))).toBe('allow')
    const foreign = {
      organizationId: globex,
      subject: ann,
      permission: 'project:edit',
      resource: project('web'),
    }
    expect(await engine.check(foreign)).toMatchObject({ kind: 'deny', reason: 'membership_unknown' })
    const byId = {
      organizationId: acme,
      subject: ann,
      permission: 'project:edit',
      resource: { resourceId: theirs!.id },
    }
    expect(await engine.check(byId)).toMatchObject({ kind: 'deny', reason: 'resource_unknown' })
  })

  test('a membership that is not active is denied, and has its roles again when it is', async () => {
    await engine.setMembershipRoles(acme, ann, ['owner'])
    await engine.setMembershipStatus(acme, ann, 'inactive')
    expect(await may(ann, 'project:edit')).toBe('membership_inactive')
    await engine.setMembershipStatus(acme, ann, 'active')
    expect(await may(ann, 'project:edit')).toBe('allow')
  })

  test('a mistyped permission is a loud error that names the one meant', async () => {
    const typo = { organizationId: acme, subject: ann, permission: 'project:edti' }
    await expect(engine.check(typo)).rejects.toMatchObject({
      code: 'permission_unknown',
      nearest: 'project:edit',
    })
  })

  test('names that every object inherits are ordinary strings', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(await may(ann, 'project:edit', project(name))).toBe('resource_unknown')
      await expect(may(ann, name)).rejects.toMatchObject({ code: 'permission_unknown' })
    }
    await create('project', '__proto__', workspace('eng'))
    await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'project-editor',
      resource: project('__proto__'),
    })
    expect(await may(ann, 'project:edit', project('__proto__'))).toBe('allow')
    expect(await may(ann, 'project:edit', project('constructor'))).toBe('resource_unknown')
  })

  test('a batch is answered in order, and is at most 100 long', async () => {
    await engine.setMembershipRoles(acme, ann, ['member'])
    const question = (permission: string) => ({ organizationId: acme, subject: ann, permission })
    const decisions = await engine.checkMany([question('project:view'), question('project:edit')])
    expect(decisions.map(({ kind }) => kind)).toEqual(['allow', 'deny'])
    const tooMany = Array.from({ length: 101 }, () => question('project:view'))
    await expect(engine.checkMany(tooMany)).rejects.toMatchObject({
      code: 'input_invalid',
      field: 'questions',
    })
  })
})

describe('explain', () => {
  test('an allow names every grant and the way down to the resource', async () => {
    await engine.setMembershipRoles(acme, ann, ['owner'])
    await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'workspace-admin',
      resource: workspace('eng'),
    })
    const question = { organizationId: acme, subject: ann, permission: 'app:deploy', resource: app('site') }
    const { decision, path, sentences } = await engine.explain(question)
    expect(decision).toMatchObject({
      kind: 'allow',
      grants: [
        { from: 'membership', role: 'owner', on: { externalId: acme } },
        { from: 'assignment', role: 'workspace-admin', on: { externalId: 'eng' } },
      ],
    })
    expect(path.map(({ type }) => type)).toEqual(['app', 'project', 'workspace', 'organization'])
    expect(sentences).toEqual([
      'allowed: `app:deploy` on app `site`',
      'organization role `owner` reaches everything in organization `org_acme`',
      'role `workspace-admin` is held on workspace `eng`, which holds project `web`, which holds app `site`',
    ])
  })

  test('a deny names the roles that would do, the nearest first', async () => {
    const question = {
      organizationId: acme,
      subject: bob,
      permission: 'project:edit',
      resource: project('web'),
    }
    const { decision, sentences } = await engine.explain(question)
    expect(decision).toMatchObject({
      kind: 'deny',
      reason: 'no_grant',
      nearestMisses: [
        { role: 'project-editor', on: { type: 'project', externalId: 'web' } },
        { role: 'workspace-admin', on: { type: 'workspace', externalId: 'eng' } },
        { role: 'owner', on: { type: 'organization', externalId: acme } },
      ],
    })
    expect(sentences[0]).toBe(
      'denied: `project:edit` on project `web`: no role held by membership `om_bob` grants it',
    )
  })
})

describe('resources', () => {
  test('moving a resource away takes the inherited permission with it', async () => {
    await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'workspace-admin',
      resource: workspace('eng'),
    })
    expect(await may(ann, 'app:deploy', app('site'))).toBe('allow')
    await engine.moveResource(acme, project('web'), workspace('ops'))
    expect(await may(ann, 'app:deploy', app('site'))).toBe('no_grant')
    await engine.moveResource(acme, project('web'), workspace('eng'))
    expect(await may(ann, 'app:deploy', app('site'))).toBe('allow')
  })

  test('a deleted resource that is made again starts with nobody', async () => {
    await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'project-editor',
      resource: project('web'),
    })
    await expect(engine.deleteResource(acme, project('web'))).rejects.toMatchObject({
      code: 'resource_has_dependents',
      dependents: { children: 1, assignments: 1, mappings: 0, exclusions: 0 },
    })
    await engine.deleteResource(acme, project('web'), { cascade: true })
    expect(await may(ann, 'project:edit', project('web'))).toBe('resource_unknown')
    expect(await may(ann, 'project:edit', app('site'))).toBe('resource_unknown')
    await create('project', 'web', workspace('eng'))
    expect(await may(ann, 'project:edit', project('web'))).toBe('no_grant')
  })

  test('a resource lives where its type allows, and never under itself', async () => {
    await expect(create('project', 'lost')).rejects.toMatchObject({
      code: 'parent_type_not_allowed',
      allowed: ['workspace'],
    })
    await expect(engine.moveResource(acme, project('web'), app('site'))).rejects.toMatchObject({
      code: 'parent_cycle',
    })
    await expect(engine.moveResource(acme, app('site'), workspace('none'))).rejects.toMatchObject({
      code: 'resource_not_found',
    })
    await expect(create('project', 'web', workspace('ops'))).rejects.toMatchObject({
      code: 'resource_exists',
    })
    await expect(create('organization', 'second')).rejects.toMatchObject({ code: 'root_resource_fixed' })
  })

  test('the root answers to the id and to the external id of its organization', async () => {
    await engine.createOrganization({ id: globex, name: 'Globex', externalId: 'gx' })
    const byExternalId = await engine.findResource(globex, { type: 'organization', externalId: 'gx' })
    const byId = await engine.findResource(globex, { type: 'organization', externalId: globex })
    expect(byId).toEqual(byExternalId)
    expect(byId?.parentId).toBeNull()
    expect(await engine.findResource(globex, { type: 'organization', externalId: acme })).toBeUndefined()
  })

  test('case is part of an external id', async () => {
    await create('project', 'Web', workspace('eng'))
    await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'project-editor',
      resource: project('Web'),
    })
    expect(await may(ann, 'project:edit', project('Web'))).toBe('allow')
    expect(await may(ann, 'project:edit', project('web'))).toBe('no_grant')
  })
})

describe('assignments', () => {
  test('a role is held on a resource of its own type only', async () => {
    const wrong = { organizationId: acme, subject: ann, role: 'project-editor', resource: workspace('eng') }
    await expect(engine.assignRole(wrong)).rejects.toMatchObject({ code: 'role_type_mismatch' })
    await expect(engine.setMembershipRoles(acme, ann, ['project-editor'])).rejects.toMatchObject({
      code: 'role_type_mismatch',
    })
  })

  test('giving a role twice yields one assignment; taking it back ends it', async () => {
    const editor = { organizationId: acme, subject: ann, role: 'project-editor', resource: project('web') }
    const [first, second] = await Promise.all([engine.assignRole(editor), engine.assignRole(editor)])
    expect(second.value).toEqual(first.value)
    expect(await engine.listAssignments(acme, ann)).toEqual([first.value])
    await engine.removeAssignment(acme, first.value.id)
    expect(await may(ann, 'project:edit', project('web'))).toBe('no_grant')
    await expect(engine.removeAssignment(acme, first.value.id)).rejects.toMatchObject({
      code: 'assignment_not_found',
    })
  })

  test('a removed membership that comes back has nothing of what it had', async () => {
    await engine.assignRole({
      organizationId: acme,
      subject: ann,
      role: 'project-editor',
      resource: project('web'),
    })
    await engine.deleteMembership(acme, ann)
    expect(await may(ann, 'project:edit', project('web'))).toBe('membership_unknown')
    await engine.createMembership({ organizationId: acme, userId: 'user_ann', id: ann.membershipId })
    expect(await may(ann, 'project:edit', project('web'))).toBe('no_grant')
    expect(await may(ann, 'project:view', project('web'))).toBe('allow')
  })
})

describe('bad input', () => {
  const some = (count: number) => Array.from({ length: count }, (_, n) => `name-${n}`)

  test.each([
    ['an empty external id', () => create('workspace', ''), 'externalId'],
    ['129 characters', () => create('workspace', 'x'.repeat(129)), 'externalId'],
    ['a control character', () => create('workspace', 'a\nb'), 'externalId'],
    ['an external id beyond ASCII', () => create('workspace', 'é'), 'externalId'],
    [
      'a name of 257 characters',
      () => engine.renameResource(acme, project('web'), { name: 'x'.repeat(257) }),
      'name',
    ],
    ['a lone surrogate', () => engine.renameResource(acme, project('web'), { name: '\ud800' }), 'name'],
    ['a group without a name', () => engine.createGroup({ organizationId: acme, name: '' }), 'name'],
    ['a status that is none', () => engine.setMembershipStatus(acme, ann, 'away' as 'active'), 'status'],
    ['a source that is none', () => engine.syncDirectoryGroups(acme, ann, [], 'ldap' as 'sso'), 'source'],
    ['5001 groups', () => engine.syncDirectoryGroups(acme, ann, some(5_001)), 'groups'],
    ['101 roles', () => engine.setMembershipRoles(acme, ann, some(101)), 'roles'],
    [
      '101 assignments',
      () =>
        engine.replaceAssignments(
          acme,
          ann,
          some(101).map((role) => ({ role })),
        ),
      'assignments',
    ],
    [
      'an effect that is none',
      () =>
        engine.createExclusion({
          organizationId: acme,
          subject: ann,
          permission: 'project:edit',
          effect: 'perhaps' as 'deny',
        }),
      'effect',
    ],
    ['a foreign prefix', () => engine.createOrganization({ id: 'om_x' as OrganizationId, name: 'x' }), 'id'],
  ])('%s is refused, naming the field, and changes nothing', async (_, act, field) => {
    const before = await engine.findResource(acme, project('web'))
    await expect(act()).rejects.toMatchObject({ code: 'input_invalid', field })
    expect(await engine.findResource(acme, project('web'))).toEqual(before)
  })

  test('what exists in another organization is not found here', async () => {
    await engine.createOrganization({ id: globex, name: 'Globex' })
    const { value: theirs } = await create('workspace', 'secret', undefined, globex)
    const assign = {
      organizationId: acme,
      subject: ann,
      role: 'workspace-admin',
      resource: { resourceId: theirs.id },
    }
    await expect(engine.assignRole(assign)).rejects.toMatchObject({ code: 'resource_not_found' })
    const move = engine.moveResource(acme, project('web'), { resourceId: theirs.id })
    await expect(move).rejects.toMatchObject({ code: 'resource_not_found' })
    await expect(create('workspace', 'x', undefined, 'org_none' as OrganizationId)).rejects.toMatchObject({
      code: 'organization_not_found',
    })
  })

  test('an id is given once, whatever the organization', async () => {
    await engine.createOrganization({ id: globex, name: 'Globex' })
    const twice = engine.createMembership({
      organizationId: globex,
      userId: 'user_ann',
      id: ann.membershipId,
    })
    await expect(twice).rejects.toMatchObject({ code: 'membership_exists' })
    const here = engine.createMembership({ organizationId: acme, userId: 'user_eve', id: ann.membershipId })
    await expect(here).rejects.toMatchObject({ code: 'membership_exists' })
    expect(await engine.findMembership(acme, ann)).toMatchObject({ userId: 'user_ann' })
    await expect(engine.createOrganization({ id: acme, name: 'Acme' })).rejects.toMatchObject({
      code: 'organization_exists',
    })
  })
})
