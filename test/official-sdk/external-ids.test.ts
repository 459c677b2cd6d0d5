import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Acme, startAcme } from './acme.js'
import { expectRefusal, invalid } from './refusal.js'
import { sdks } from './sdks.js'

// SDK 8.13.0 puts external ids into a path as they are; 11.0.0 escapes them.
const escaping = sdks.filter(({ version }) => version === '11.0.0')
const raw = sdks.filter(({ version }) => version === '8.13.0')

const odd = ['a/b:c d', 'a%2Fb', 'a?x=1', 'a#f', 'type:id#relation', '%', '+', '..%2f..', "o'clock; --", '{}']

describe.each(escaping)('external ids in paths, SDK $version', (sdk) => {
  let acme: Acme
  beforeEach(async () => {
    acme = await startAcme(sdk)
  })
  afterEach(() => acme.close())

  test.each(odd)('`%s` comes back as it was given, and is nothing else', async (externalId) => {
    const { authorization } = acme.workos
    const { organizationId } = acme
    await acme.place('workspace', 'a')
    const created = await authorization.createResource({
      organizationId,
      resourceTypeSlug: 'workspace',
      externalId,
      name: 'Odd',
    })
    const ref = { organizationId, resourceTypeSlug: 'workspace', externalId }
    expect(await authorization.getResourceByExternalId(ref)).toEqual(created)
    await authorization.deleteResourceByExternalId(ref)
    expect(
      await authorization.listResources({ organizationId, resourceTypeSlug: 'workspace' }),
    ).toMatchObject({ data: [{ externalId: 'a' }] })
  })
})

describe.each(raw)('external ids in paths, SDK $version', (sdk) => {
  let acme: Acme
  beforeEach(async () => {
    acme = await startAcme(sdk)
  })
  afterEach(() => acme.close())

  test.each(['c d', 'a:b', 'a+b', "o'clock; --", '{}'])(
    '`%s` comes back as it was given',
    async (externalId) => {
      const { organizationId } = acme
      await acme.place('workspace', externalId)
      const ref = { organizationId, resourceTypeSlug: 'workspace', externalId }
      expect(await acme.workos.authorization.getResourceByExternalId(ref)).toMatchObject({ externalId })
    },
  )

  test('a question mark that is not escaped cuts it short, and is refused', async () => {
    const { organizationId } = acme
    await acme.place('workspace', 'a')
    const ref = { organizationId, resourceTypeSlug: 'workspace', externalId: 'a?x=1' }
    const { authorization } = acme.workos
    await expectRefusal(sdk, authorization.getResourceByExternalId(ref), invalid)
    await expectRefusal(sdk, authorization.updateResourceByExternalId({ ...ref, name: 'x' }), invalid)
    await expectRefusal(sdk, authorization.deleteResourceByExternalId(ref), invalid)
    const asks = { ...ref, permissionSlug: 'workspace:manage' }
    await expectRefusal(sdk, authorization.listMembershipsForResourceByExternalId(asks), invalid)
    const left = { organizationId, resourceTypeSlug: 'workspace' }
    expect((await authorization.listResources(left)).data).toMatchObject([{ name: 'a' }])
  })

  test('a slash that is not escaped makes another path, where there is nothing', async () => {
    const { organizationId } = acme
    for (const externalId of ['a/b', 'a', 'b']) await acme.place('workspace', externalId)
    const ref = { organizationId, resourceTypeSlug: 'workspace', externalId: 'a/b' }
    await expectRefusal(sdk, acme.workos.authorization.getResourceByExternalId(ref), { status: 404 })
    await expectRefusal(sdk, acme.workos.authorization.deleteResourceByExternalId(ref), { status: 404 })
    const left = { organizationId, resourceTypeSlug: 'workspace' }
    expect((await acme.workos.authorization.listResources(left)).data).toHaveLength(3)
  })
})
