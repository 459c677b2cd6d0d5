import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks } from './sdks.js'

describe.each(sdks)('permissions, SDK $version', (sdk) => {
  let acme: Acme
  beforeEach(async () => {
    acme = await startAcme(sdk)
  })
  afterEach(() => acme.close())

  test('are created with all that they have', async () => {
    const permission = await acme.workos.authorization.createPermission({
      slug: 'project:share',
      name: 'Share projects',
      description: 'With people of other organizations',
      resourceTypeSlug: 'project',
    })
    expect(permission).toEqual({
      object: 'permission',
      id: expect.stringMatching(/^perm_[0-9A-Z]{26}$/),
      slug: 'project:share',
      name: 'Share projects',
      description: 'With people of other organizations',
      resourceTypeSlug: 'project',
      system: false,
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      updatedAt: permission.createdAt,
    })
    expect(await acme.workos.authorization.getPermission('project:share')).toEqual(permission)
  })

  test('belong to the organization when no type is named, and have no description when none is given', async () => {
    const { authorization } = acme.workos
    expect(await authorization.createPermission({ slug: 'audit:read', name: 'Read audits' })).toMatchObject({
      description: null,
      resourceTypeSlug: 'organization',
    })
  })

  test('are renamed, and lose their description by null', async () => {
    const { authorization } = acme.workos
    await authorization.createPermission({ slug: 'audit:read', name: 'Read', description: 'All of it' })
    const renamed = await authorization.updatePermission('audit:read', { name: 'Read audits' })
    expect(renamed).toMatchObject({ name: 'Read audits', description: 'All of it' })
    expect(await authorization.updatePermission('audit:read', { description: null })).toMatchObject({
      name: 'Read audits',
      description: null,
    })
  })

  test('are gone once deleted, from roles too', async () => {
    const { authorization } = acme.workos
    await authorization.deletePermission('project:edit')
    await expectRefusal(sdk, authorization.getPermission('project:edit'), notFound)
    expect((await authorization.getEnvironmentRole('project-editor')).permissions).toEqual([
      'document:view',
      'project:view',
    ])
  })

  test('are listed page by page, newest first', async () => {
    const { authorization } = acme.workos
    for (const slug of ['a', 'b', 'c']) await authorization.createPermission({ slug, name: slug })
    const first = await authorization.listPermissions({ limit: 2, order: 'desc' })
    expect(first.data.map(({ slug }) => slug)).toEqual(['c', 'b'])
    expect(first.listMetadata).toEqual({ before: null, after: first.data[1]?.id })
    const after = first.listMetadata.after ?? ''
    const second = await authorization.listPermissions({ limit: 1, order: 'desc', after })
    expect(second.data.map(({ slug }) => slug)).toEqual(['a'])
    const before = second.data[0]?.id ?? ''
    const back = await authorization.listPermissions({ limit: 2, order: 'desc', before })
    expect(back.data).toEqual(first.data)
  })

  test.each([
    ['a slug of capitals', { slug: 'Project:Share', name: 'x' }],
    ['a slug beyond 48 characters', { slug: 'p'.repeat(49), name: 'x' }],
    ['a name beyond 48 characters', { slug: 'project:share', name: 'x'.repeat(49) }],
    ['a type that does not exist', { slug: 'project:share', name: 'x', resourceTypeSlug: 'projekt' }],
  ])('are refused with %s', async (_, options) => {
    await expectRefusal(sdk, acme.workos.authorization.createPermission(options), invalid)
  })

  test('are refused under a slug that is taken', async () => {
    const call = acme.workos.authorization.createPermission({ slug: 'project:view', name: 'View' })
    await expectRefusal(sdk, call, { status: 409, code: 'permission_slug_conflict' })
  })

  test('that do not exist cannot be got, renamed or deleted', async () => {
    const { authorization } = acme.workos
    await expectRefusal(sdk, authorization.getPermission('nope'), notFound)
    await expectRefusal(sdk, authorization.updatePermission('nope', { name: 'x' }), notFound)
    await expectRefusal(sdk, authorization.deletePermission('nope'), notFound)
  })
})

// 8.13.0 has it for other lists, and not for those of authorization.
describe.each(sdks.filter(({ version }) => version !== '8.13.0'))('autoPagination, SDK $version', (sdk) => {
  test('lists every permission once', async () => {
    const acme = await startAcme(sdk)
    for (let index = 0; index < 120; index++)
      await acme.engine.createPermission({ slug: `p:${index}`, name: `P ${index}` })
    const list = await acme.workos.authorization.listPermissions()
    const all = await list.autoPagination()
    expect(all).toHaveLength(125)
    expect(new Set(all.map(({ slug }) => slug)).size).toBe(125)
    await acme.close()
  })
})
