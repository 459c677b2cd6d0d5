import type { MembershipId, ResourceId } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, nobody, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks, sdksWith } from './sdks.js'

describe.each(sdks)('resources of a membership, SDK $version', (sdk) => {
  let acme: Acme
  let ann: MembershipId
  let eng: ResourceId
  beforeEach(async () => {
    acme = await startAcme(sdk)
    eng = await acme.place('workspace', 'eng')
    ann = await acme.join('user_ann')
  })
  afterEach(() => acme.close())

  const list = (options: object = {}) =>
    acme.workos.authorization.listResourcesForMembership({
      organizationMembershipId: ann,
      permissionSlug: 'project:view',
      parentResourceId: eng,
      order: 'asc',
      ...options,
    })
  const assign = (roleSlug: string, resourceId: string) =>
    acme.workos.authorization.assignRole({ organizationMembershipId: ann, roleSlug, resourceId })

  test('are the children of a parent on which the permission holds, whole', async () => {
    const web = await acme.place('project', 'web', eng)
    await acme.place('project', 'api', eng)
    await acme.place('document', 'readme', web)
    await assign('project-editor', web)
    const { data } = await list()
    expect(data).toEqual([await acme.workos.authorization.getResource(web)])
  })

  test('count what is inherited from the parent, and no other parent', async () => {
    await acme.place('project', 'web', eng)
    await acme.place('folder', 'plans', eng)
    await acme.place('project', 'site', await acme.place('workspace', 'ops'))
    await assign('workspace-viewer', eng)
    const byId = await list()
    expect(byId.data.map(({ externalId }) => externalId)).toEqual(['web', 'plans'])
    const parent = { parentResourceId: undefined, parentResourceTypeSlug: 'workspace' }
    const { data } = await list({ ...parent, parentResourceExternalId: 'eng' })
    expect(data).toEqual(byId.data)
  })

  test('are children, not what lies further below', async () => {
    const { organizationId } = acme
    await acme.engine.setMembershipRoles(organizationId, { membershipId: ann }, ['admin'])
    await acme.place('folder', 'within', eng)
    const beside = await acme.place('folder', 'beside')
    const { data } = await list({ parentResourceId: acme.root })
    expect(data.map(({ id }) => id)).toEqual([eng, beside])
  })

  test('come page by page, over all types of children', async () => {
    for (let index = 0; index < 5; index++) {
      await acme.place('project', `p${index}`, eng)
      await acme.place('folder', `f${index}`, eng)
    }
    await assign('workspace-viewer', eng)
    const all = (await list({ limit: 100 })).data.map(({ externalId }) => externalId)
    expect(all).toHaveLength(10)
    for (const order of ['asc', 'desc'] as const) {
      const wanted = order === 'asc' ? all : [...all].reverse()
      const seen: string[] = []
      let after: string | undefined
      let last = ''
      do {
        const page = await list({ limit: 3, order, ...(after === undefined ? {} : { after }) })
        seen.push(...page.data.map(({ externalId }) => externalId))
        last = page.data[0]?.id ?? ''
        after = page.listMetadata.after ?? undefined
      } while (after !== undefined)
      expect(seen).toEqual(wanted)
      const back = await list({ limit: 3, order, before: last })
      expect(back.data.map(({ externalId }) => externalId)).toEqual(wanted.slice(6, 9))
      expect(back.listMetadata.after).not.toBeNull()
    }
  })

  test('are none for a member who is not active', async () => {
    await acme.place('project', 'web', eng)
    await assign('workspace-viewer', eng)
    expect((await list()).data).toHaveLength(1)
    await acme.engine.setMembershipStatus(acme.organizationId, { membershipId: ann }, 'inactive')
    expect((await list()).data).toEqual([])
  })

  test('are not found for strangers, and below what is not there', async () => {
    await expectRefusal(sdk, list({ organizationMembershipId: nobody.membership }), notFound)
    await expectRefusal(sdk, list({ parentResourceId: nobody.resource }), notFound)
  })

  test('are refused without a parent, with an unknown permission, and from no place', async () => {
    await expectRefusal(sdk, list({ parentResourceId: undefined }), invalid)
    await expectRefusal(sdk, list({ permissionSlug: 'project:vieww' }), invalid)
    await expectRefusal(sdk, list({ after: 'tampered' }), invalid)
  })
})

describe.each(sdks)('memberships for a resource, SDK $version', (sdk) => {
  let acme: Acme
  let eng: ResourceId
  let web: ResourceId
  beforeEach(async () => {
    acme = await startAcme(sdk)
    eng = await acme.place('workspace', 'eng')
    web = await acme.place('project', 'web', eng)
  })
  afterEach(() => acme.close())

  const list = (options: object = {}) =>
    acme.workos.authorization.listMembershipsForResource({
      resourceId: web,
      permissionSlug: 'project:edit',
      order: 'asc',
      ...options,
    })
  const assign = (organizationMembershipId: string, roleSlug: string, resourceId: string) =>
    acme.workos.authorization.assignRole({ organizationMembershipId, roleSlug, resourceId })

  test('are those who hold a role on it; indirect, everybody who may', async () => {
    const ann = await acme.join('user_ann')
    const bob = await acme.join('user_bob')
    const cy = await acme.join('user_cy', ['admin'])
    const dee = await acme.join('user_dee')
    await assign(ann, 'project-editor', web)
    await assign(bob, 'workspace-admin', eng)
    await assign(dee, 'workspace-viewer', eng)
    const direct = await list()
    expect(direct.data).toMatchObject([
      {
        object: 'organization_membership',
        id: ann,
        userId: 'user_ann',
        organizationId: acme.organizationId,
        status: 'active',
      },
    ])
    expect((await list({ assignment: 'direct' })).data).toEqual(direct.data)
    const indirect = await list({ assignment: 'indirect' })
    expect(indirect.data.map(({ id }) => id).sort()).toEqual([ann, bob, cy].sort())
  })

  test('are the same by the external id', async () => {
    await assign(await acme.join('user_ann'), 'project-editor', web)
    const byExternalId = await acme.workos.authorization.listMembershipsForResourceByExternalId({
      organizationId: acme.organizationId,
      resourceTypeSlug: 'project',
      externalId: 'web',
      permissionSlug: 'project:edit',
    })
    expect(byExternalId.data).toEqual((await list()).data)
    expect(byExternalId.data).toHaveLength(1)
  })

  test('come page by page, from the ids of what was given', async () => {
    const ids: string[] = []
    for (let index = 0; index < 5; index++) {
      ids.push(await acme.join(`user_${index}`))
      await assign(ids.at(-1) as string, 'project-editor', web)
    }
    const first = await list({ limit: 2 })
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const second = await list({ limit: 2, after: ids[1] })
    expect(second.data.map(({ id }) => id)).toEqual(ids.slice(2, 4))
    const newest = await list({ limit: 2, order: 'desc' })
    expect(newest.data.map(({ id }) => id)).toEqual([ids[4], ids[3]])
  })

  test('are not found for what is not there, and refused for an unknown permission', async () => {
    await expectRefusal(sdk, list({ resourceId: nobody.resource }), notFound)
    const missing = {
      organizationId: acme.organizationId,
      resourceTypeSlug: 'project',
      externalId: 'nope',
      permissionSlug: 'project:edit',
    }
    const { authorization } = acme.workos
    await expectRefusal(sdk, authorization.listMembershipsForResourceByExternalId(missing), notFound)
    await expectRefusal(sdk, list({ permissionSlug: 'nope' }), invalid)
    await expectRefusal(sdk, list({ assignment: 'some' }), invalid)
  })
})

describe.each(sdksWith('authorization.listEffectivePermissions'))(
  'effective permissions, SDK $version',
  (sdk) => {
    let acme: Acme
    let ann: MembershipId
    let eng: ResourceId
    let web: ResourceId
    beforeEach(async () => {
      acme = await startAcme(sdk)
      eng = await acme.place('workspace', 'eng')
      web = await acme.place('project', 'web', eng)
      ann = await acme.join('user_ann')
    })
    afterEach(() => acme.close())

    const list = (options: object = {}) =>
      acme.workos.authorization.listEffectivePermissions({
        organizationMembershipId: ann,
        resourceId: web,
        ...options,
      })

    test('are all that is held on the resource and above it, as permissions', async () => {
      const { authorization } = acme.workos
      expect((await list()).data).toEqual([])
      await authorization.assignRole({
        organizationMembershipId: ann,
        roleSlug: 'workspace-viewer',
        resourceId: eng,
      })
      expect((await list()).data).toEqual([await authorization.getPermission('project:view')])
      await authorization.assignRole({
        organizationMembershipId: ann,
        roleSlug: 'project-editor',
        resourceId: web,
      })
      const all = await list()
      expect(all.data.map(({ slug }) => slug).sort()).toEqual([
        'document:view',
        'project:edit',
        'project:view',
      ])
      const byExternalId = await authorization.listEffectivePermissionsByExternalId({
        organizationMembershipId: ann,
        resourceTypeSlug: 'project',
        externalId: 'web',
      })
      expect(byExternalId.data).toEqual(all.data)
      const above = await list({ resourceId: eng })
      expect(above.data.map(({ slug }) => slug)).toEqual(['project:view'])
    })

    test('are the same by the path of the specification', async () => {
      await acme.engine.setMembershipRoles(acme.organizationId, { membershipId: ann }, ['admin'])
      const url = `${acme.url}/authorization/organization_memberships/${ann}/resources/${web}/permissions`
      const answer = await fetch(url, { headers: { authorization: `Bearer ${acme.apiKey}` } })
      const { data } = (await answer.json()) as { readonly data: readonly { readonly id: string }[] }
      expect(data.map(({ id }) => id)).toEqual((await list()).data.map(({ id }) => id))
      expect(data).toHaveLength(4)
    })

    test('come page by page', async () => {
      await acme.engine.setMembershipRoles(acme.organizationId, { membershipId: ann }, ['admin'])
      const all = (await list()).data.map(({ slug }) => slug)
      const first = await list({ limit: 3 })
      expect(first.data.map(({ slug }) => slug)).toEqual(all.slice(0, 3))
      const second = await list({ limit: 3, after: first.listMetadata.after })
      expect(second.data.map(({ slug }) => slug)).toEqual(all.slice(3))
      const back = await list({ limit: 3, before: second.data[0]?.id })
      expect(back.data).toEqual(first.data)
    })

    test('are not found for strangers, and on what is not there', async () => {
      await expectRefusal(sdk, list({ organizationMembershipId: nobody.membership }), notFound)
      await expectRefusal(sdk, list({ resourceId: nobody.resource }), notFound)
      const missing = { organizationMembershipId: ann, resourceTypeSlug: 'project', externalId: 'nope' }
      const call = acme.workos.authorization.listEffectivePermissionsByExternalId(missing)
      await expectRefusal(sdk, call, notFound)
      await expectRefusal(sdk, list({ after: 'tampered' }), invalid)
    })
  },
)
