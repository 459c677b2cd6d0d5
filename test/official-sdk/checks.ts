import type { MembershipId, ResourceId } from '@bailiwick/core'
import type { StoreOpener } from '@bailiwick/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, nobody, startAcme } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks } from './sdks.js'

/** What the SDK's checks promise, over any store. */
export function checks(store?: () => StoreOpener): void {
  describe.each(sdks)('check, SDK $version', (sdk) => {
    let acme: Acme
    let ann: MembershipId
    let eng: ResourceId
    let web: ResourceId
    beforeEach(async () => {
      acme = await startAcme(sdk, store && { store: store() })
      eng = await acme.place('workspace', 'eng')
      web = await acme.place('project', 'web', eng)
      ann = await acme.join('user_ann')
    })
    afterEach(() => acme.close())

    const mayEdit = async (resourceId: string = web) =>
      (
        await acme.workos.authorization.check({
          organizationMembershipId: ann,
          permissionSlug: 'project:edit',
          resourceId,
        })
      ).authorized
    const assign = (roleSlug: string, resourceId: string) =>
      acme.workos.authorization.assignRole({ organizationMembershipId: ann, roleSlug, resourceId })

    test('allows by a role on the resource itself, and not on its sibling', async () => {
      const api = await acme.place('project', 'api', eng)
      await assign('project-editor', web)
      expect(await mayEdit(web)).toBe(true)
      expect(await mayEdit(api)).toBe(false)
    })

    test('allows by a role on a resource above, and not by one below', async () => {
      await assign('workspace-admin', eng)
      expect(await mayEdit()).toBe(true)
      const above = {
        organizationMembershipId: ann,
        permissionSlug: 'workspace:manage',
        resourceId: acme.root,
      }
      expect(await acme.workos.authorization.check(above)).toEqual({ authorized: false })
    })

    test('allows by a role of the whole organization, and not by a lesser one', async () => {
      expect(await mayEdit()).toBe(false)
      const { organizationId } = acme
      await acme.engine.setMembershipRoles(organizationId, { membershipId: ann }, ['admin'])
      expect(await mayEdit()).toBe(true)
    })

    test('allows through a group, until the member leaves', async () => {
      const crew = await acme.crew('Crew', ann)
      const { organizationId } = acme
      await acme.engine.assignRole({
        organizationId,
        subject: { groupId: crew },
        role: 'project-editor',
        resource: { resourceId: web },
      })
      expect(await mayEdit()).toBe(true)
      await acme.engine.removeGroupMember(organizationId, crew, { membershipId: ann })
      expect(await mayEdit()).toBe(false)
    })

    test('knows a resource by its external id as well', async () => {
      await assign('project-editor', web)
      const asks = {
        organizationMembershipId: ann,
        permissionSlug: 'project:edit',
        resourceTypeSlug: 'project',
      }
      const { authorization } = acme.workos
      expect(await authorization.check({ ...asks, resourceExternalId: 'web' })).toEqual({ authorized: true })
      await acme.place('project', 'api', eng)
      expect(await authorization.check({ ...asks, resourceExternalId: 'api' })).toEqual({ authorized: false })
    })

    test('denies a member who is not active', async () => {
      await assign('project-editor', web)
      const { organizationId } = acme
      await acme.engine.setMembershipStatus(organizationId, { membershipId: ann }, 'inactive')
      expect(await mayEdit()).toBe(false)
      await acme.engine.setMembershipStatus(organizationId, { membershipId: ann }, 'active')
      expect(await mayEdit()).toBe(true)
    })

    test.each(['project:vieww', 'project:edit ', 'project:*', '*', '__proto__', 'constructor'])(
      'denies the unknown permission `%s` with a warning, whatever is held',
      async (permissionSlug) => {
        await acme.engine.setMembershipRoles(acme.organizationId, { membershipId: ann }, ['admin'])
        const asks = { organizationMembershipId: ann, permissionSlug, resourceId: web }
        expect(await acme.workos.authorization.check(asks)).toMatchObject({
          authorized: false,
          warnings: [{ code: 'permission_unknown', message: expect.stringContaining('no permission') }],
        })
      },
    )

    test.each(['project:edit', 'nope'])(
      'of `%s` does not know strangers or what is not there',
      async (slug) => {
        const { authorization } = acme.workos
        const asks = { organizationMembershipId: ann, permissionSlug: slug, resourceId: web as string }
        const stranger = { ...asks, organizationMembershipId: nobody.membership }
        await expectRefusal(sdk, authorization.check(stranger), notFound)
        await expectRefusal(sdk, authorization.check({ ...asks, resourceId: nobody.resource }), notFound)
        const { resourceId: _, ...rest } = asks
        const missing = { ...rest, resourceTypeSlug: 'project', resourceExternalId: 'nope' }
        await expectRefusal(sdk, authorization.check(missing), notFound)
        const unknownType = { ...rest, resourceTypeSlug: 'projekt', resourceExternalId: 'web' }
        await expectRefusal(sdk, authorization.check(unknownType), notFound)
      },
    )

    test('tells an inactive member of what is not there, as any other', async () => {
      await acme.engine.setMembershipStatus(acme.organizationId, { membershipId: ann }, 'inactive')
      const asks = {
        organizationMembershipId: ann,
        permissionSlug: 'project:edit',
        resourceId: nobody.resource,
      }
      await expectRefusal(sdk, acme.workos.authorization.check(asks), notFound)
    })

    test('never reaches into another organization, whose resource is as good as none', async () => {
      const { value: beta } = await acme.engine.createOrganization({ name: 'Beta' })
      const { value: theirs } = await acme.engine.createResource({
        organizationId: beta.id,
        type: 'workspace',
        externalId: 'eng',
        name: 'Eng',
      })
      await acme.engine.setMembershipRoles(acme.organizationId, { membershipId: ann }, ['admin'])
      const asks = { organizationMembershipId: ann, permissionSlug: 'workspace:manage' }
      const { authorization } = acme.workos
      expect(await authorization.check({ ...asks, resourceId: eng })).toEqual({ authorized: true })
      await expectRefusal(sdk, authorization.check({ ...asks, resourceId: theirs.id }), notFound)
    })

    test('is refused without a target, or with one that is named twice or by half', async () => {
      const asks = { organizationMembershipId: ann, permissionSlug: 'project:edit' }
      const { authorization } = acme.workos
      const none = asks as typeof asks & { resourceId: string }
      await expectRefusal(sdk, authorization.check(none), invalid)
      const both = { ...asks, resourceId: web, resourceExternalId: 'web', resourceTypeSlug: 'project' }
      await expectRefusal(sdk, authorization.check(both), invalid)
      const half = { ...asks, resourceExternalId: 'web' } as unknown as typeof none
      await expectRefusal(sdk, authorization.check(half), invalid)
      const nothing = { ...asks, permissionSlug: '', resourceId: web }
      await expectRefusal(sdk, authorization.check(nothing), invalid)
    })
  })
}
