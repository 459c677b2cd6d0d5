import { type AuthorizationEngine, compileModel, type MappingId } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { acme, ann, bob, create, definition, may, openAcme, project, workspace } from '../fixtures/acme.js'

let engine: AuthorizationEngine

beforeEach(async () => {
  engine = await openAcme()
})

async function map(directoryGroup: string, role: string, resource?: { type: string; externalId: string }) {
  const { value } = await engine.createDirectoryMapping({
    organizationId: acme,
    directoryGroup,
    role,
    ...(resource && { resource }),
  })
  return value
}

/** Which of the organization-level roles count, told by what each alone allows. */
async function rolesThatCount(): Promise<readonly string[]> {
  const signs = { member: 'project:view', editor: 'project:edit', accountant: 'billing:manage' }
  const counting: string[] = []
  for (const [role, permission] of Object.entries(signs))
    if ((await may(engine, ann, permission)) === 'allow') counting.push(role)
  return counting
}

describe('which organization-level role counts', () => {
  // `editor` may view as well, so it shows as both.
  const told = {
    sso: (...groups: string[]) => engine.syncDirectoryGroups(acme, ann, groups),
    directory: (...groups: string[]) => engine.syncDirectoryGroups(acme, ann, groups, 'directory'),
    added: (directoryGroup: string) =>
      engine.applyDirectoryGroupEvent(acme, ann, { kind: 'added', directoryGroup }),
    removed: (directoryGroup: string) =>
      engine.applyDirectoryGroupEvent(acme, ann, { kind: 'removed', directoryGroup }),
    chosen: (...roles: string[]) => engine.setMembershipRoles(acme, ann, roles),
  }
  const steps = (...all: (() => Promise<unknown>)[]) => all

  test.each([
    ['chosen by hand, when the provider never told', steps(() => told.chosen('accountant')), ['accountant']],
    [
      'from a sign-in, over what was chosen before it',
      steps(
        () => told.chosen('accountant'),
        () => told.sso('Staff'),
      ),
      ['member'],
    ],
    [
      'chosen by hand, when the sign-in brought no mapped group',
      steps(
        () => told.chosen('accountant'),
        () => told.sso('Unmapped'),
      ),
      ['accountant'],
    ],
    [
      'chosen by hand after a sign-in',
      steps(
        () => told.sso('Staff'),
        () => told.chosen('accountant'),
      ),
      ['accountant'],
    ],
    [
      'from the next sign-in, over what was chosen after the last, even if it says the same',
      steps(
        () => told.sso('Staff'),
        () => told.chosen('accountant'),
        () => told.sso('Staff'),
      ),
      ['member'],
    ],
    [
      'from directory sync, over a sign-in, whichever came later',
      steps(
        () => told.directory('Developers'),
        () => told.sso('Staff'),
      ),
      ['member', 'editor'],
    ],
    [
      'from a sign-in, when directory sync knows no mapped group',
      steps(
        () => told.directory('Unmapped'),
        () => told.sso('Books'),
      ),
      ['accountant'],
    ],
    [
      'from directory sync, over what was chosen before its event',
      steps(
        () => told.chosen('accountant'),
        () => told.added('Staff'),
      ),
      ['member'],
    ],
    [
      'chosen by hand after an event, until the next one',
      steps(
        () => told.added('Staff'),
        () => told.chosen('accountant'),
      ),
      ['accountant'],
    ],
    [
      'from directory sync again, after an event that overrides the choice',
      steps(
        () => told.added('Staff'),
        () => told.chosen('accountant'),
        () => told.removed('Unmapped'),
      ),
      ['member'],
    ],
    [
      'what was chosen, when the last mapped group is taken away',
      steps(
        () => told.chosen('accountant'),
        () => told.added('Developers'),
        () => told.removed('Developers'),
      ),
      ['accountant'],
    ],
    ['all mapped ones together', steps(() => told.sso('Staff', 'Books')), ['member', 'accountant']],
    [
      'the last that a source has told, in whole',
      steps(
        () => told.sso('Books'),
        () => told.sso('Staff'),
      ),
      ['member'],
    ],
  ])('%s', async (_which, changes, expected) => {
    await map('Staff', 'member')
    await map('Developers', 'editor')
    await map('Books', 'accountant')
    for (const change of changes) await change()
    expect(await rolesThatCount()).toEqual(expected)
  })

  test('the default role, for a newcomer, until the provider maps one', async () => {
    await map('Books', 'accountant')
    const newcomer = { userId: 'user_eve' }
    await engine.createMembership({ organizationId: acme, ...newcomer })
    expect(await may(engine, newcomer, 'project:view')).toBe('allow')
    await engine.syncDirectoryGroups(acme, newcomer, ['Books'])
    expect(await may(engine, newcomer, 'project:view')).toBe('no_grant')
    expect(await may(engine, newcomer, 'billing:manage')).toBe('allow')
    await engine.syncDirectoryGroups(acme, newcomer, [])
    expect(await may(engine, newcomer, 'project:view')).toBe('allow')
  })

  test('of several mapped ones, where one counts at a time, that of highest priority', async () => {
    const rolePriority = ['accountant', 'editor', 'member']
    engine = await openAcme({ model: compileModel({ ...definition, roleMode: 'single', rolePriority }) })
    await map('Developers', 'editor')
    await map('Books', 'accountant')
    await engine.syncDirectoryGroups(acme, ann, ['Developers', 'Books'])
    expect(await rolesThatCount()).toEqual(['accountant'])
    await engine.syncDirectoryGroups(acme, ann, ['Developers'])
    expect(await rolesThatCount()).toEqual(['member', 'editor'])
  })
})

describe('a mapping', () => {
  test('gives its role where it says, to whoever is in the group', async () => {
    await map('Web team', 'project-editor', project('web'))
    await engine.syncDirectoryGroups(acme, ann, ['Web team'])
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('no_grant')
    expect(await may(engine, bob, 'project:edit', project('web'))).toBe('no_grant')
  })

  test('below the organization adds to what is held there, whichever source told', async () => {
    await map('Web team', 'project-editor', project('web'))
    await map('Ops', 'workspace-admin', workspace('ops'))
    await engine.syncDirectoryGroups(acme, ann, ['Web team'])
    await engine.applyDirectoryGroupEvent(acme, ann, { kind: 'added', directoryGroup: 'Ops' })
    await engine.setMembershipRoles(acme, ann, ['accountant'])
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('allow')
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  })

  test('made after the sign-in counts for those who were in the group, and removed for nobody', async () => {
    await engine.syncDirectoryGroups(acme, ann, ['Books'])
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    const mapping = await map('Books', 'accountant')
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    await engine.deleteDirectoryMapping(acme, mapping.id)
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
  })

  test("may give an organization's own role", async () => {
    await engine.createOrganizationRole({
      organizationId: acme,
      name: 'Lead',
      slug: 'org-lead',
      permissions: ['billing:manage'],
    })
    await map('Leads', 'org-lead')
    await engine.syncDirectoryGroups(acme, ann, ['Leads'])
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  })

  test('compares the name of the group byte by byte', async () => {
    await map('Café', 'accountant')
    for (const name of ['café', 'Café ', 'Cafe\u0301']) {
      await engine.syncDirectoryGroups(acme, ann, [name])
      expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    }
    await engine.syncDirectoryGroups(acme, ann, ['Café'])
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  })

  test('is made once, listed in order, and of a role on its own type of resource', async () => {
    const first = await map('Books', 'accountant')
    const second = await map('Books', 'project-editor', project('web'))
    await expect(map('Books', 'accountant')).rejects.toMatchObject({ code: 'mapping_exists' })
    await expect(map('Books', 'project-editor')).rejects.toMatchObject({ code: 'role_type_mismatch' })
    await expect(map('', 'accountant')).rejects.toMatchObject({ code: 'input_invalid' })
    await expect(map('x'.repeat(257), 'accountant')).rejects.toMatchObject({ code: 'input_invalid' })
    expect(await engine.listDirectoryMappings(acme)).toEqual([first, second])
    // Another role on the same place is another mapping.
    await map('Books', 'editor')
    await engine.syncDirectoryGroups(acme, ann, ['Books'])
    expect(await rolesThatCount()).toEqual(['member', 'editor', 'accountant'])
    const gone = engine.deleteDirectoryMapping(acme, 'idp_mapping_gone' as MappingId)
    await expect(gone).rejects.toMatchObject({ code: 'mapping_not_found' })
  })
})

describe('what the provider told', () => {
  test('is kept by source, sorted, each group once', async () => {
    await engine.syncDirectoryGroups(acme, ann, ['b', 'a', 'b'])
    await engine.applyDirectoryGroupEvent(acme, ann, { kind: 'added', directoryGroup: 'c' })
    const { value } = await engine.applyDirectoryGroupEvent(acme, ann, { kind: 'added', directoryGroup: 'c' })
    expect(value.directoryGroups).toEqual({ sso: ['a', 'b'], directory: ['c'] })
    expect(await engine.findMembership(acme, ann)).toEqual(value)
    expect((await engine.findMembership(acme, bob))?.directoryGroups).toEqual({ sso: null, directory: null })
  })

  test('is all that a membership says of it: what is stored to decide by stays inside', async () => {
    const { value } = await engine.syncDirectoryGroups(acme, ann, ['a'])
    expect(Object.keys(value).sort()).toEqual([
      'createdAt',
      'directoryGroups',
      'id',
      'organizationId',
      'roles',
      'status',
      'updatedAt',
      'userId',
    ])
  })

  test('told again is no change, so that a sign-in costs no commit', async () => {
    const first = await engine.syncDirectoryGroups(acme, ann, ['a', 'b'])
    const again = await engine.syncDirectoryGroups(acme, ann, ['b', 'a'])
    expect(again.token).toBe(first.token)
    const other = await engine.syncDirectoryGroups(acme, ann, ['b'])
    expect(other.token).not.toBe(first.token)
  })

  test.each([
    ['no array', 'Books' as unknown as string[]],
    ['5 001 groups', Array.from({ length: 5_001 }, (_, n) => `g${n}`)],
    ['a group without a name', ['']],
    ['a control character', ['a\nb']],
  ])('is refused when it is %s', async (_what, groups) => {
    await expect(engine.syncDirectoryGroups(acme, ann, groups)).rejects.toMatchObject({
      code: 'input_invalid',
    })
    expect((await engine.findMembership(acme, ann))?.directoryGroups.sso).toBeNull()
  })

  test('one by one is sorted as well, so that all of it told again is no change', async () => {
    let last: { readonly token: string } | undefined
    for (const directoryGroup of ['b', 'a'])
      last = await engine.applyDirectoryGroupEvent(acme, ann, { kind: 'added', directoryGroup })
    const again = await engine.syncDirectoryGroups(acme, ann, ['a', 'b'], 'directory')
    expect(again.value.directoryGroups.directory).toEqual(['a', 'b'])
    expect(again.token).toBe(last?.token)
  })

  test('holds 5 000 groups, and no event brings one more', async () => {
    const most = Array.from({ length: 5_000 }, (_, n) => `g${n}`)
    await engine.syncDirectoryGroups(acme, ann, most, 'directory')
    const added = (directoryGroup: string) =>
      engine.applyDirectoryGroupEvent(acme, ann, { kind: 'added', directoryGroup })
    await expect(added('one more')).rejects.toMatchObject({ code: 'input_invalid' })
    expect((await added('g7')).value.directoryGroups.directory).toHaveLength(5_000)
  })

  test('is refused when the event says neither that a group was added nor that it was removed', async () => {
    await map('Books', 'accountant')
    const event = (kind: string) =>
      engine.applyDirectoryGroupEvent(acme, ann, { kind: kind as 'added', directoryGroup: 'Books' })
    await expect(event('updated')).rejects.toMatchObject({ code: 'input_invalid' })
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    await event('added')
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
  })

  test('does not wake a membership that is not active', async () => {
    await map('Books', 'accountant')
    await engine.setMembershipStatus(acme, ann, 'inactive')
    await engine.syncDirectoryGroups(acme, ann, ['Books'])
    expect(await may(engine, ann, 'billing:manage')).toBe('membership_inactive')
  })
})

test('a mapping goes with its resource, and no other one does', async () => {
  await create(engine, project('brief'), workspace('eng'))
  const other = await map('Web team', 'project-editor', project('web'))
  await engine.syncDirectoryGroups(acme, ann, ['Web team'])
  await map('Web team', 'project-editor', project('brief'))
  await expect(engine.deleteResource(acme, project('brief'))).rejects.toMatchObject({
    dependents: { mappings: 1 },
  })
  await engine.deleteResource(acme, project('brief'), { cascade: true })
  expect(await engine.listDirectoryMappings(acme)).toEqual([other])
  expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  expect(await may(engine, ann, 'project:edit', project('site'))).toBe('no_grant')
})
