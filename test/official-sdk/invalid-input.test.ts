import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Acme, startAcme } from './acme.js'
import { expectRefusal } from './refusal.js'
import { methodsOf, type Part, type SdkMethod, sdks } from './sdks.js'

// What no other file of this folder gives wrong: each method beside an input that breaks one rule of it.

type Input = readonly unknown[]
type Ids = Readonly<Record<'organizationId' | 'membershipId' | 'groupId' | 'resourceId' | 'userId', string>>

const tooLong = 'x'.repeat(300)
const tooMany = { limit: 101 }
const eng = { resourceTypeSlug: 'workspace', externalId: 'eng' }

const wrong: readonly (readonly [SdkMethod, (ids: Ids) => Input])[] = [
  ['authorization.listPermissions', () => [tooMany]],
  ['authorization.updatePermission', () => ['project:view', { name: tooLong }]],
  ['authorization.updateEnvironmentRole', () => ['admin', { name: tooLong }]],
  [
    'authorization.updateOrganizationRole',
    ({ organizationId }) => [organizationId, 'org-lead', { name: tooLong }],
  ],
  [
    'authorization.addOrganizationRolePermission',
    ({ organizationId }) => [organizationId, 'org-lead', { permissionSlug: 'workspace:manage' }],
  ],
  [
    'authorization.updateResourceByExternalId',
    ({ organizationId }) => [{ organizationId, ...eng, name: tooLong }],
  ],
  [
    'authorization.listMembershipsForResourceByExternalId',
    ({ organizationId }) => [{ organizationId, ...eng, permissionSlug: 'workspace:manage', ...tooMany }],
  ],
  ['authorization.listRoleAssignmentsForResource', ({ resourceId }) => [{ resourceId, ...tooMany }]],
  [
    'authorization.listResourceRoleAssignments',
    ({ organizationId }) => [{ organizationId, ...eng, ...tooMany }],
  ],
  [
    'authorization.listEffectivePermissionsByExternalId',
    ({ membershipId }) => [{ organizationMembershipId: membershipId, ...eng, ...tooMany }],
  ],
  ['authorization.listGroupRoleAssignments', ({ groupId }) => [{ groupId, ...tooMany }]],
  ['authorization.removeGroupRoleAssignments', ({ groupId }) => [{ groupId, roleSlug: 'NO SLUG' }]],
  ['groups.listGroups', ({ organizationId }) => [{ organizationId, ...tooMany }]],
  ['groups.updateGroup', ({ organizationId, groupId }) => [{ organizationId, groupId, name: '' }]],
  ['groups.listOrganizationMemberships', (ids) => [{ ...ids, ...tooMany }]],
  ['groups.addOrganizationMembership', (ids) => [{ ...ids, organizationMembershipId: '' }]],
  ['organizations.listOrganizations', () => [tooMany]],
  ['organizations.updateOrganization', ({ organizationId }) => [{ organization: organizationId, name: '' }]],
  ['userManagement.listUsers', () => [tooMany]],
  ['userManagement.updateUser', ({ userId }) => [{ userId, firstName: tooLong }]],
  ['userManagement.listSessions', ({ userId }) => [userId, tooMany]],
  ['userManagement.listOrganizationMemberships', ({ organizationId }) => [{ organizationId, ...tooMany }]],
  [
    'userManagement.listGroupsForOrganizationMembership',
    ({ membershipId }) => [{ organizationMembershipId: membershipId, ...tooMany }],
  ],
]

describe.each(sdks)('invalid input, SDK $version', (sdk) => {
  let acme: Acme
  let ids: Ids
  beforeAll(async () => {
    acme = await startAcme(sdk)
    const { engine, organizationId } = acme
    const membershipId = await acme.join('user_ann')
    const { id: userId } = (await engine.createUser({ id: 'user_bob' })).value
    const groupId = await acme.crew('Crew', membershipId)
    const resourceId = await acme.place('workspace', 'eng')
    await engine.createOrganizationRole({
      organizationId,
      name: 'Lead',
      slug: 'org-lead',
      on: 'project',
      permissions: [],
    })
    ids = { organizationId, membershipId, groupId, resourceId, userId }
  })
  afterAll(() => acme.close())

  const offered = wrong.filter(([method]) => methodsOf(sdk).has(method))
  test.each(offered)('of %s is refused', async (method, input) => {
    const refused = call(acme, method, input(ids))
    await expectRefusal(sdk, refused, { status: 422 })
  })

  test('changes nothing: a permission stays while an exclusion names it', async () => {
    await acme.engine.createExclusion({
      organizationId: acme.organizationId,
      subject: { userId: 'user_ann' },
      permission: 'project:edit',
    })
    const deleting = acme.workos.authorization.deletePermission('project:edit')
    await expectRefusal(sdk, deleting, { status: 409 })
    expect((await acme.workos.authorization.getPermission('project:edit')).slug).toBe('project:edit')
  })
})

function call({ workos }: Acme, method: SdkMethod, input: Input): Promise<unknown> {
  const [part, name] = method.split('.') as [Part, string]
  const methods = workos[part] as unknown as Record<string, (...input: Input) => Promise<unknown>>
  return (methods[name] as (...input: Input) => Promise<unknown>).apply(methods, [...input])
}
