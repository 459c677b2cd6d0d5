import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, nobody, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks } from './sdks.js'

describe.each(sdks)('resources, SDK $version', (sdk) => {
  let acme: Acme
  beforeEach(async () => {
    acme = await startAcme(sdk)
  })
  afterEach(() => acme.close())

  const workspace = (externalId: string) => ({
    organizationId: acme.organizationId,
    resourceTypeSlug: 'workspace',
    externalId,
    name: externalId,
  })
  const named = (resourceTypeSlug: string, externalId: string) => ({
    organizationId: acme.organizationId,
    resourceTypeSlug,
    externalId,
  })

  describe('creating', () => {
    test('puts them under the organization when no parent is named', async () => {
      const { authorization } = acme.workos
      const resource = await authorization.createResource({ ...workspace('eng'), description: 'All of it' })
      expect(resource).toEqual({
        object: 'authorization_resource',
        id: expect.stringMatching(/^authz_resource_[0-9A-Z]{26}$/),
        externalId: 'eng',
        name: 'eng',
        description: 'All of it',
        resourceTypeSlug: 'workspace',
        organizationId: acme.organizationId,
        parentResourceId: acme.root,
        createdAt: expect.any(String),
        updatedAt: resource.createdAt,
      })
      expect(await authorization.getResource(resource.id)).toEqual(resource)
      expect(await authorization.getResourceByExternalId(named('workspace', 'eng'))).toEqual(resource)
    })

    test('puts them under a parent by its id, or by its external id', async () => {
      const { authorization } = acme.workos
      const { id } = await authorization.createResource(workspace('eng'))
      const project = { organizationId: acme.organizationId, resourceTypeSlug: 'project', name: 'P' }
      const byId = await authorization.createResource({ ...project, externalId: 'a', parentResourceId: id })
      const byExternalId = await authorization.createResource({
        ...project,
        externalId: 'b',
        parentResourceExternalId: 'eng',
        parentResourceTypeSlug: 'workspace',
      })
      expect([byId.parentResourceId, byExternalId.parentResourceId]).toEqual([id, id])
    })

    test('is refused under an external id that is taken, and not when it is of another type', async () => {
      const { authorization } = acme.workos
      const { id } = await authorization.createResource(workspace('eng'))
      await expectRefusal(sdk, authorization.createResource(workspace('eng')), {
        status: 409,
        code: 'authorization_resource_external_id_conflict',
      })
      const folder = await authorization.createResource({
        ...workspace('eng'),
        resourceTypeSlug: 'folder',
        parentResourceId: id,
      })
      expect(folder.id).not.toBe(id)
      const { value: beta } = await acme.engine.createOrganization({ name: 'Beta' })
      await authorization.createResource({ ...workspace('eng'), organizationId: beta.id })
    })

    test('is refused for what is not there, or may not lie there', async () => {
      const { authorization } = acme.workos
      const unknownOrganization = { ...workspace('x'), organizationId: nobody.organization }
      await expectRefusal(sdk, authorization.createResource(unknownOrganization), notFound)
      const unknownParent = { ...workspace('x'), parentResourceId: nobody.resource }
      await expectRefusal(sdk, authorization.createResource(unknownParent), notFound)
      const unknownType = { ...workspace('x'), resourceTypeSlug: 'workspaze' }
      await expectRefusal(sdk, authorization.createResource(unknownType), invalid)
      const wrongParent = { ...workspace('x'), resourceTypeSlug: 'project' }
      await expectRefusal(sdk, authorization.createResource(wrongParent), invalid)
      const root = { ...workspace('x'), resourceTypeSlug: 'organization' }
      await expectRefusal(sdk, authorization.createResource(root), invalid)
    })

    test('is refused under a parent of another organization, which is as good as none', async () => {
      const { authorization } = acme.workos
      const { id } = await authorization.createResource(workspace('eng'))
      const { value: beta } = await acme.engine.createOrganization({ name: 'Beta' })
      const project = { organizationId: beta.id, resourceTypeSlug: 'project', externalId: 'p', name: 'P' }
      await expectRefusal(sdk, authorization.createResource({ ...project, parentResourceId: id }), notFound)
    })

    test.each([
      ['an empty external id', { externalId: '' }],
      ['an external id beyond 128 characters', { externalId: 'x'.repeat(129) }],
      ['an external id that is not ASCII', { externalId: 'ä' }],
      ['a name beyond 48 characters', { name: 'x'.repeat(49) }],
      ['a description beyond 150 characters', { description: 'x'.repeat(151) }],
    ])('is refused with %s', async (_, wrong) => {
      const call = acme.workos.authorization.createResource({ ...workspace('eng'), ...wrong })
      await expectRefusal(sdk, call, invalid)
    })

    test('is refused when the parent is named in both ways, or by half', async () => {
      const { authorization } = acme.workos
      const { id } = await authorization.createResource(workspace('eng'))
      const project = { ...workspace('p'), resourceTypeSlug: 'project' }
      const both = {
        parentResourceId: id,
        parentResourceExternalId: 'eng',
        parentResourceTypeSlug: 'workspace',
      }
      await expectRefusal(sdk, authorization.createResource({ ...project, ...both }), invalid)
      const half = { parentResourceExternalId: 'eng' } as object
      await expectRefusal(sdk, authorization.createResource({ ...project, ...half }), invalid)
    })
  })

  describe('the root of an organization', () => {
    test('has no parent, and answers to the id and to the external id of the organization', async () => {
      const { authorization } = acme.workos
      const root = await authorization.getResource(acme.root)
      expect(root).toMatchObject({
        resourceTypeSlug: 'organization',
        externalId: 'acme',
        parentResourceId: null,
      })
      for (const externalId of ['acme', acme.organizationId]) {
        const found = await authorization.getResourceByExternalId(named('organization', externalId))
        expect(found).toEqual(root)
      }
    })

    test('cannot be renamed or deleted on its own', async () => {
      const { authorization } = acme.workos
      const resourceId = acme.root
      await expectRefusal(sdk, authorization.updateResource({ resourceId, name: 'x' }), invalid)
      await expectRefusal(sdk, authorization.deleteResource({ resourceId, cascadeDelete: true }), invalid)
    })
  })

  describe('updating', () => {
    test('changes the name and the description, and null clears the latter', async () => {
      const { authorization } = acme.workos
      const { id } = await authorization.createResource({ ...workspace('eng'), description: 'd' })
      const renamed = await authorization.updateResource({ resourceId: id, name: 'Engineering' })
      expect(renamed).toMatchObject({ externalId: 'eng', name: 'Engineering', description: 'd' })
      const cleared = await authorization.updateResourceByExternalId({
        ...named('workspace', 'eng'),
        description: null,
      })
      expect(cleared).toMatchObject({ id, name: 'Engineering', description: null })
    })

    test('is refused for what is not there, and for names too long', async () => {
      const { authorization } = acme.workos
      await expectRefusal(sdk, authorization.updateResource({ resourceId: nobody.resource }), notFound)
      const missing = named('workspace', 'eng')
      await expectRefusal(sdk, authorization.updateResourceByExternalId(missing), notFound)
      const unknownType = named('workspaze', 'eng')
      await expectRefusal(sdk, authorization.updateResourceByExternalId(unknownType), notFound)
      const { id } = await authorization.createResource(workspace('eng'))
      const long = { resourceId: id, name: 'x'.repeat(49) }
      await expectRefusal(sdk, authorization.updateResource(long), invalid)
    })
  })

  describe('deleting', () => {
    test('takes a resource away, by its id or by its external id', async () => {
      const { authorization } = acme.workos
      const { id } = await authorization.createResource(workspace('eng'))
      await authorization.deleteResource({ resourceId: id })
      await expectRefusal(sdk, authorization.getResource(id), notFound)
      await authorization.createResource(workspace('ops'))
      await authorization.deleteResourceByExternalId(named('workspace', 'ops'))
      await expectRefusal(sdk, authorization.getResourceByExternalId(named('workspace', 'ops')), notFound)
    })

    test('needs a word of its own while something lies below', async () => {
      const { authorization } = acme.workos
      const { id } = await authorization.createResource(workspace('eng'))
      const project = await acme.place('project', 'web', id as Parameters<typeof acme.place>[2])
      const refusal = { status: 409, code: 'resource_has_dependents' } as const
      await expectRefusal(sdk, authorization.deleteResource({ resourceId: id }), refusal)
      const kept = { ...named('workspace', 'eng'), cascadeDelete: false }
      await expectRefusal(sdk, authorization.deleteResourceByExternalId(kept), refusal)
      await authorization.deleteResource({ resourceId: id, cascadeDelete: true })
      await expectRefusal(sdk, authorization.getResource(project), notFound)
    })

    test('needs it while somebody holds a role there, too', async () => {
      const { authorization } = acme.workos
      const { id } = await authorization.createResource(workspace('eng'))
      const ann = await acme.join('user_ann')
      await authorization.assignRole({
        organizationMembershipId: ann,
        roleSlug: 'workspace-admin',
        resourceId: id,
      })
      const refusal = { status: 409, code: 'resource_has_dependents' } as const
      await expectRefusal(sdk, authorization.deleteResource({ resourceId: id }), refusal)
      await authorization.deleteResourceByExternalId({ ...named('workspace', 'eng'), cascadeDelete: true })
      await expectRefusal(sdk, authorization.getResource(id), notFound)
    })

    test('is refused for what is not there', async () => {
      const { authorization } = acme.workos
      await expectRefusal(sdk, authorization.deleteResource({ resourceId: nobody.resource }), notFound)
      const missing = named('workspace', 'eng')
      await expectRefusal(sdk, authorization.deleteResourceByExternalId(missing), notFound)
    })
  })

  describe('listing', () => {
    test('finds them by organization, by type, and by parent', async () => {
      const { authorization } = acme.workos
      const { organizationId } = acme
      const eng = await acme.place('workspace', 'eng')
      const ops = await acme.place('workspace', 'ops')
      await acme.place('project', 'web', eng)
      await acme.place('project', 'api', eng)
      await acme.place('project', 'site', ops)
      const names = async (options: Parameters<typeof authorization.listResources>[0]) =>
        (await authorization.listResources({ order: 'asc', ...options })).data.map(
          ({ externalId }) => externalId,
        )
      expect(await names({ organizationId, resourceTypeSlug: 'workspace' })).toEqual(['eng', 'ops'])
      expect(await names({ organizationId, parentResourceId: eng })).toEqual(['web', 'api'])
      const parent = { parentResourceTypeSlug: 'workspace', parentExternalId: 'ops' }
      expect(await names({ organizationId, ...parent })).toEqual(['site'])
      expect(await names({ parentResourceId: ops })).toEqual(['site'])
      expect(await names({ organizationId, resourceTypeSlug: 'folder' })).toEqual([])
    })

    test('finds those of a type in all organizations', async () => {
      const { value: beta } = await acme.engine.createOrganization({ name: 'Beta' })
      await acme.place('workspace', 'eng')
      await acme.engine.createResource({
        organizationId: beta.id,
        type: 'workspace',
        externalId: 'eng',
        name: 'Eng',
      })
      const { data } = await acme.workos.authorization.listResources({ resourceTypeSlug: 'workspace' })
      expect(data.map(({ organizationId }) => organizationId).sort()).toEqual(
        [acme.organizationId, beta.id].sort(),
      )
    })

    test('goes on from the ids of what it gave, in both orders', async () => {
      const { authorization } = acme.workos
      const ids: string[] = []
      for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(await acme.place('workspace', name))
      const filter = { organizationId: acme.organizationId, resourceTypeSlug: 'workspace' }
      for (const order of ['asc', 'desc'] as const) {
        const wanted = order === 'asc' ? ids : [...ids].reverse()
        const first = await authorization.listResources({ ...filter, order, limit: 2 })
        expect(first.data.map(({ id }) => id)).toEqual(wanted.slice(0, 2))
        expect(first.listMetadata.before).toBeNull()
        const after = first.listMetadata.after ?? ''
        const second = await authorization.listResources({ ...filter, order, limit: 3, after })
        expect(second.data.map(({ id }) => id)).toEqual(wanted.slice(2))
        expect(second.listMetadata.after).toBeNull()
        const before = second.data[0]?.id ?? ''
        const back = await authorization.listResources({ ...filter, order, limit: 2, before })
        expect(back.data).toEqual(first.data)
      }
    })

    test('goes the other way round in the order that WorkOS calls normal', async () => {
      const ids: string[] = []
      for (const name of ['a', 'b', 'c']) ids.push(await acme.place('workspace', name))
      const filter = { organizationId: acme.organizationId, resourceTypeSlug: 'workspace', limit: 2 }
      const order = 'normal' as 'desc'
      const first = await acme.workos.authorization.listResources({ ...filter, order })
      expect(first.data.map(({ id }) => id)).toEqual([ids[2], ids[1]])
      const before = first.listMetadata.before ?? ''
      const second = await acme.workos.authorization.listResources({ ...filter, order, before })
      expect(second.data.map(({ id }) => id)).toEqual([ids[0]])
    })

    test('needs an organization or a type', async () => {
      await expectRefusal(sdk, acme.workos.authorization.listResources(), {
        status: 400,
        code: 'missing_organization_id_or_resource_type_slug',
      })
    })

    test.each([
      ['a limit of 0', { limit: 0 }],
      ['a limit of 101', { limit: 101 }],
      ['a place that is no id', { after: 'tampered' }],
      ['a parent in both ways', { parentResourceId: nobody.resource, parentExternalId: 'eng' }],
    ])('is refused with %s', async (_, wrong) => {
      const call = acme.workos.authorization.listResources({ organizationId: acme.organizationId, ...wrong })
      await expectRefusal(sdk, call, invalid)
    })
  })
})
