import { type AssignmentId, parseOrganizationId } from '@bailiwick/core'
import type { EmbeddedEngine } from '@bailiwick/engine'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  acme,
  ada,
  ask,
  askCounted,
  askTwice,
  type Counted,
  countedAuthorizer,
  eng,
  give,
  helper,
  openAlone,
  openGuarded,
  ops,
  project,
  requestOf,
  sessionOf,
} from './guarded-acme.fixture.js'
import { param } from './locator.js'
import { type Requirement, requirementOf } from './requirement.js'

let engine: EmbeddedEngine
let guards: Counted

beforeEach(async () => {
  engine = await openGuarded()
  guards = countedAuthorizer(engine)
  return () => engine.close()
})

const assign = (role: string, resource?: typeof eng, subject?: Parameters<typeof give>[3]) =>
  give(engine, role, resource, subject)
const exclude = (resource?: object, permission = 'project:edit', effect = 'deny') =>
  engine.createExclusion({
    organizationId: acme,
    subject: ada,
    permission,
    effect,
    ...(resource && { resource }),
  } as never)
const onId = { resource: param('id') } as const
const editing = requirementOf('project:edit', onId)

/** How she has it, and how she loses it: the engine is asked nothing in between. */
const losses: readonly (readonly [
  what: string,
  gives: () => Promise<unknown>,
  takes: (given: never) => Promise<unknown>,
  then: string,
])[] = [
  [
    'her assignment is removed',
    () => assign('project-editor', project('web')),
    ({ id }: { readonly id: AssignmentId }) => engine.removeAssignment(acme, id),
    'no_grant',
  ],
  [
    'her role is taken',
    () => assign('project-editor', project('web')),
    () =>
      engine.takeRole({
        organizationId: acme,
        subject: ada,
        role: 'project-editor',
        resource: project('web'),
      }),
    'no_grant',
  ],
  [
    'her assignments are replaced',
    () => assign('project-editor', project('web')),
    () => engine.replaceAssignments(acme, ada, [{ role: 'project-editor', resource: project('app') }]),
    'no_grant',
  ],
  [
    'her organization-level role is another',
    () => engine.setMembershipRoles(acme, ada, ['all-projects']),
    () => engine.setMembershipRoles(acme, ada, ['accountant']),
    'no_grant',
  ],
  [
    'she is made inactive',
    () => assign('workspace-editor', eng),
    () => engine.setMembershipStatus(acme, ada, 'inactive'),
    'membership_inactive',
  ],
  [
    'she is a member no more',
    () => assign('workspace-editor', eng),
    () => engine.deleteMembership(acme, ada),
    'membership_unknown',
  ],
  [
    'she is deleted',
    async () => {
      await engine.createUser({ id: 'ada' })
      await assign('workspace-editor', eng)
    },
    () => engine.deleteUser('ada'),
    'membership_unknown',
  ],
  ...(
    [
      ['she leaves the group', (id: never) => engine.removeGroupMember(acme, id, ada)],
      ['the group is deleted', (id: never) => engine.deleteGroup(acme, id)],
      ['the group loses its role', (id: never) => engine.replaceAssignments(acme, { groupId: id }, [])],
    ] as const
  ).map(
    ([what, takes]) =>
      [
        what,
        async () => {
          const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Staff' })
          await engine.addGroupMember(acme, group.id, ada)
          await assign('workspace-editor', eng, { groupId: group.id })
          return group.id
        },
        takes,
        'no_grant',
      ] as const,
  ),
  [
    'a custom role loses the permission',
    async () => {
      await engine.createOrganizationRole({
        organizationId: acme,
        name: 'A',
        slug: 'org-a',
        permissions: ['project:edit'],
      })
      await assign('org-a')
    },
    () => engine.updateOrganizationRole(acme, 'org-a', { permissions: { remove: ['project:edit'] } }),
    'no_grant',
  ],
  [
    'the identity provider takes her group',
    async () => {
      await engine.createDirectoryMapping({
        organizationId: acme,
        directoryGroup: 'Staff',
        role: 'workspace-editor',
        resource: eng,
      })
      await engine.syncDirectoryGroups(acme, ada, ['Staff'])
    },
    () => engine.syncDirectoryGroups(acme, ada, []),
    'no_grant',
  ],
  [
    'a mapping is deleted',
    async () => {
      const { value } = await engine.createDirectoryMapping({
        organizationId: acme,
        directoryGroup: 'Staff',
        role: 'workspace-editor',
        resource: eng,
      })
      await engine.syncDirectoryGroups(acme, ada, ['Staff'])
      return value.id
    },
    (id) => engine.deleteDirectoryMapping(acme, id),
    'no_grant',
  ],
  ['she is excluded on it', () => assign('workspace-editor', eng), () => exclude(project('web')), 'excluded'],
  ['she is excluded above it', () => assign('workspace-editor', eng), () => exclude(), 'excluded'],
  [
    'a permission of her own is taken back',
    async () => (await exclude(project('web'), 'project:edit', 'allow')).value.id,
    (id) => engine.deleteExclusion(acme, id),
    'no_grant',
  ],
  [
    'it is moved away',
    () => assign('workspace-editor', eng),
    () => engine.moveResource(acme, project('web'), ops),
    'no_grant',
  ],
  [
    'it is deleted',
    () => assign('workspace-editor', eng),
    () => engine.deleteResource(acme, project('web')),
    'resource_unknown',
  ],
  [
    'it goes with what it lies in',
    () => assign('workspace-editor', eng),
    () => engine.deleteResource(acme, eng, { cascade: true }),
    'resource_unknown',
  ],
  [
    'the organization is deleted',
    () => assign('workspace-editor', eng),
    () => engine.deleteOrganization(acme),
    'organization_unknown',
  ],
  [
    'a role of the model loses the permission',
    () => assign('workspace-editor', eng),
    () => engine.updateRole('workspace-editor', { permissions: [] }),
    'no_grant',
  ],
  [
    'the permission is deleted from the model',
    () => assign('workspace-editor', eng),
    () => engine.deletePermission('project:edit'),
    'permission_unknown',
  ],
  [
    'one organization-level role counts at a time',
    () => engine.setMembershipRoles(acme, ada, ['accountant', 'all-projects']),
    () =>
      engine.changeSettings({ roleMode: 'single', rolePriority: ['accountant', 'all-projects', 'guest'] }),
    'no_grant',
  ],
  ['the engine is closed', () => assign('workspace-editor', eng), () => engine.close(), 'store_unavailable'],
]

describe('an allow that is kept', () => {
  test.each(losses)('is none at the very next request after %s', async (_, gives, takes, then) => {
    const session = sessionOf()
    expect(await ask(guards, editing, requestOf('web'), session)).not.toBe('allow')
    const given = await gives()
    expect(await askTwice(guards, editing, requestOf('web'), session)).toBe('allow')
    expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'kept'])
    await takes(given as never)
    expect(await ask(guards, editing, requestOf('web'), session)).toBe(then)
    expect(await ask(guards, editing, requestOf('web'), session)).toBe(then)
  })

  test('is asked anew after a change that takes nothing, and kept again', async () => {
    await assign('workspace-editor', eng)
    const session = sessionOf()
    expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'asked'])
    for (let round = 0; round < 3; round++) {
      expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'asked'])
      expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'kept'])
      await engine.renameResource(acme, eng, { name: `${round}` })
    }
  })

  test('of the token is lost with an exclusion anywhere, and with the resource', async () => {
    const session = sessionOf({ permissions: ['project:edit'] })
    const excluded = async () => {
      expect(await askTwice(guards, editing, requestOf('web'), session)).toBe('allow')
      expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'kept'])
      return (await exclude(project('app'))).value.id
    }
    const id = await excluded()
    // What the token says counts no more where there is any exclusion; and the engine knows of no grant.
    expect(await ask(guards, editing, requestOf('web'), session)).toBe('no_grant')
    await engine.deleteExclusion(acme, id)
    expect(await ask(guards, editing, requestOf('web'), session)).toBe('allow')
    await engine.deleteResource(acme, project('web'))
    expect(await ask(guards, editing, requestOf('web'), session)).toBe('resource_unknown')
  })

  test('of an agent is lost when the agent loses it, and when the user does', async () => {
    guards = countedAuthorizer(engine, { agents: { type: 'bot' } })
    const session = sessionOf({ actors: ['helper'] })
    const alone = sessionOf()
    const give = async () => [
      await assign('workspace-editor', eng),
      await assign('workspace-editor', eng, helper),
    ]
    for (const nth of [0, 1]) {
      const given = await give()
      for (const each of [session, alone]) {
        expect(await askTwice(guards, editing, requestOf('web'), each)).toBe('allow')
        expect(await askCounted(guards, editing, requestOf('web'), each)).toEqual(['allow', 'kept'])
      }
      await engine.removeAssignment(acme, given[nth]?.id as AssignmentId)
      expect(await ask(guards, editing, requestOf('web'), session)).not.toBe('allow')
      expect(await ask(guards, editing, requestOf('web'), alone)).toBe(nth === 0 ? 'no_grant' : 'allow')
    }
    await give()
    expect(await ask(guards, editing, requestOf('web'), session)).toBe('allow')
    await engine.deleteResource(acme, helper.agent, { cascade: true })
    expect(await ask(guards, editing, requestOf('web'), session)).not.toBe('allow')
  })
})

describe('an allow is kept for nobody and nothing else', () => {
  const session = sessionOf()
  beforeEach(async () => {
    await assign('project-editor', project('web'))
    await assign('accountant')
    expect(await askTwice(guards, editing, requestOf('web'), session)).toBe('allow')
    expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'kept'])
  })

  test.each<[string, unknown, string]>([
    ['another resource', 'app', 'no_grant'],
    ['one that is nowhere', 'webs', 'resource_unknown'],
    ['one written otherwise', 'WEB', 'resource_unknown'],
    ['a list', ['web'], 'resource_not_located'],
    ['what turns into its id', { toString: () => 'web' }, 'resource_not_located'],
    ['a string that is an object', new String('web'), 'resource_not_located'],
    ['no id', undefined, 'resource_not_located'],
    ['an empty id', '', 'resource_not_located'],
    ['null', null, 'resource_not_located'],
  ])('%s', async (_, id, answer) => {
    const everywhere = requirementOf('billing:manage', { scope: 'organization' })
    for (let round = 0; round < 2; round++) {
      expect(await ask(guards, everywhere, requestOf(id), session)).toBe('allow')
      expect(await ask(guards, editing, requestOf(id), session)).toBe(answer)
    }
    expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'kept'])
  })

  test('an id that the parameters inherit', async () => {
    const params = Object.create({ id: 'web' }) as Record<string, unknown>
    expect(await ask(guards, editing, requestOf(undefined, { params }), session)).toBe('resource_not_located')
  })

  test('a route that demands a fresh answer, whatever another has taken the word of a token for', async () => {
    const holder = sessionOf({ permissions: ['project:edit'] })
    const app = requestOf('app')
    expect(await askTwice(guards, editing, app, holder)).toBe('allow')
    expect(await askCounted(guards, editing, app, holder)).toEqual(['allow', 'kept'])
    const fresh = requirementOf('project:edit', { ...onId, fresh: true })
    expect(await askCounted(guards, fresh, app, holder)).toEqual(['no_grant', 'asked'])
  })

  test('another demand than the same one of another route', async () => {
    const rename = { ...editing } as Requirement
    expect(await askCounted(guards, rename, requestOf('web'), session)).toEqual(['allow', 'kept'])
    const scoped = requirementOf('project:edit', { ...onId, tenantScoped: true })
    expect(await askCounted(guards, scoped, requestOf('web'), session)).toEqual(['allow', 'asked'])
    const everywhere = requirementOf('project:edit', { scope: 'organization' })
    expect(await ask(guards, everywhere, requestOf('web'), session)).toBe('no_grant')
    const workspace = requirementOf('project:edit', { resource: param('id', { type: 'workspace' }) })
    expect(await ask(guards, workspace, requestOf('web'), session)).toBe('resource_unknown')
    expect(await ask(guards, requirementOf('billing:manage', onId), requestOf('web'), session)).not.toBe(
      'allow',
    )
  })

  test('an allow for the organization answers for no resource, and one for a resource not for it', async () => {
    const everywhere = requirementOf('project:edit', { scope: 'organization' })
    await engine.setMembershipRoles(acme, ada, ['all-projects'])
    expect(await askTwice(guards, everywhere, requestOf(undefined), session)).toBe('allow')
    expect(await askCounted(guards, everywhere, requestOf(undefined), session)).toEqual(['allow', 'kept'])
    for (const none of [undefined, null, '', ['web']])
      expect(await ask(guards, editing, requestOf(none), session)).toBe('resource_not_located')
    await engine.setMembershipRoles(acme, ada, [])
    expect(await ask(guards, editing, requestOf('web'), session)).toBe('allow')
    expect(await ask(guards, everywhere, requestOf('web'), session)).toBe('no_grant')
  })

  test('another session, of the same user as well', async () => {
    expect(await askCounted(guards, editing, requestOf('web'), sessionOf())).toEqual(['allow', 'asked'])
    const lin = sessionOf({ userId: 'lin', membershipId: undefined })
    expect(await ask(guards, editing, requestOf('web'), lin)).toBe('membership_unknown')
    const globex = sessionOf({ organizationId: parseOrganizationId('org_globex') })
    expect(await ask(guards, editing, requestOf('web'), globex)).toBe('organization_unknown')
    expect(await ask(guards, editing, requestOf('web'), sessionOf({ organizationId: undefined }))).not.toBe(
      'allow',
    )
  })

  test('another authorizer', async () => {
    const other = await openAlone()
    const elsewhere = countedAuthorizer(other)
    expect(await ask(elsewhere, editing, requestOf('web'), session)).toBe('organization_unknown')
    expect(await ask(guards, editing, requestOf('web'), session)).toBe('allow')
    expect(await ask(elsewhere, editing, requestOf('web'), session)).toBe('organization_unknown')
    await other.close()
  })
})
