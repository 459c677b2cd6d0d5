import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, startAcme } from './acme.js'
import { expectRefusal } from './refusal.js'
import { sdks } from './sdks.js'

describe.each(sdks)('the key of a client, SDK $version', (sdk) => {
  let acme: Acme
  beforeEach(async () => {
    acme = await startAcme(sdk)
  })
  afterEach(() => acme.close())

  test('must be known', async () => {
    const stranger = acme.client({ apiKey: 'sk_test_nobody' })
    await expectRefusal(sdk, stranger.authorization.listPermissions(), { status: 401 })
    expect((await acme.workos.authorization.listPermissions()).data).toHaveLength(5)
  })

  test('must be good for what is asked: one that may check may not change, and the other way round', async () => {
    const { secret: checking } = await acme.server.keys.create({ name: 'web', scopes: ['check'] })
    const { secret: reading } = await acme.server.keys.create({ name: 'report', scopes: ['read'] })
    const organizationMembershipId = await acme.join('user_ann', ['admin'])
    const asks = { organizationMembershipId, permissionSlug: 'billing:manage', resourceId: acme.root }
    const web = acme.client({ apiKey: checking }).authorization
    const report = acme.client({ apiKey: reading }).authorization
    expect(await web.check(asks)).toEqual({ authorized: true })
    await expectRefusal(sdk, report.check(asks), { status: 403, code: 'forbidden' })
    expect((await report.listEnvironmentRoles()).data).toHaveLength(5)
    await expectRefusal(sdk, web.listEnvironmentRoles(), { status: 403 })
    const role = { organizationMembershipId, roleSlug: 'admin', resourceId: acme.root }
    await expectRefusal(sdk, web.assignRole(role), { status: 403 })
    await expectRefusal(sdk, report.createPermission({ slug: 'a', name: 'A' }), { status: 403 })
  })
})
