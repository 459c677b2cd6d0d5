import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { nobody } from './acme.js'
import { expectRefusal, invalid, notFound } from './refusal.js'
import { sdks, sdksWith } from './sdks.js'
import { type SdkSession, startSdk } from './start-sdk.js'

describe.each(sdks)('organizations, SDK $version', (sdk) => {
  let session: SdkSession
  let organizations: SdkSession['workos']['organizations']
  beforeEach(async () => {
    session = await startSdk(sdk)
    organizations = session.workos.organizations
  })
  afterEach(() => session.close())

  test('are created with all that they have', async () => {
    const organization = await organizations.createOrganization({
      name: 'Acme',
      domainData: [{ domain: 'Acme.example', state: 'verified' as never }],
      externalId: 'acme',
      metadata: { tier: 'gold' },
    })
    expect(organization).toEqual({
      object: 'organization',
      id: expect.stringMatching(/^org_[0-9A-Z]{26}$/),
      name: 'Acme',
      allowProfilesOutsideOrganization: false,
      domains: [
        {
          object: 'organization_domain',
          id: expect.stringMatching(/^org_domain_[0-9A-Z]{26}$/),
          domain: 'acme.example',
          organizationId: organization.id,
          state: 'verified',
          verificationStrategy: 'manual',
          createdAt: organization.createdAt,
          updatedAt: organization.updatedAt,
        },
      ],
      createdAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      updatedAt: organization.createdAt,
      externalId: 'acme',
      metadata: { tier: 'gold' },
    })
    expect(await organizations.getOrganization(organization.id)).toEqual(organization)
  })

  test('need nothing but a name', async () => {
    const bare = await organizations.createOrganization({ name: 'Bare' })
    expect(bare).toMatchObject({ name: 'Bare', domains: [], externalId: null, metadata: {} })
  })

  test('come back by the external id, whatever stands in it', async () => {
    const externalId = 'a b%2F:c'
    const { id } = await organizations.createOrganization({ name: 'Acme', externalId })
    expect(await organizations.getOrganizationByExternalId(encoded(sdk.version, externalId))).toMatchObject({
      id,
      externalId,
    })
    await expectRefusal(sdk, organizations.getOrganizationByExternalId('a b'), notFound)
  })

  test('change in what is named, and in nothing else', async () => {
    const { id } = await organizations.createOrganization({
      name: 'Acme',
      externalId: 'acme',
      metadata: { tier: 'gold', seats: '5' },
    })
    const renamed = await organizations.updateOrganization({ organization: id, name: 'Acme Ltd' })
    expect(renamed).toMatchObject({ name: 'Acme Ltd', externalId: 'acme', metadata: { tier: 'gold' } })
    const changed = await organizations.updateOrganization({
      organization: id,
      metadata: { tier: '', region: 'eu' },
      externalId: null,
    } as never)
    expect(changed).toMatchObject({ name: 'Acme Ltd', externalId: null })
    expect(changed.metadata).toEqual({ seats: '5', region: 'eu' })
    expect(await organizations.getOrganization(id)).toEqual(changed)
  })

  test('are listed newest first, page by page, all or by domain', async () => {
    for (const name of ['a', 'b', 'c', 'd']) {
      const domainData = [{ domain: `${name}.example`, state: 'verified' as never }]
      await organizations.createOrganization({ name, domainData })
    }
    const first = await organizations.listOrganizations({ limit: 3, order: 'desc' })
    expect(first.data.map(({ name }) => name)).toEqual(['d', 'c', 'b'])
    expect(first.listMetadata).toEqual({ before: null, after: first.data[2]?.id })
    const after = first.listMetadata.after ?? ''
    const second = await organizations.listOrganizations({ limit: 3, order: 'desc', after })
    expect(second.data.map(({ name }) => name)).toEqual(['a'])
    expect(second.listMetadata.after).toBeNull()
    const found = await organizations.listOrganizations({ domains: ['b.example', 'd.example'] })
    expect(found.data.map(({ name }) => name).sort()).toEqual(['b', 'd'])
    expect((await organizations.listOrganizations({ domains: ['e.example'] })).data).toEqual([])
  })

  test('are gone once deleted, with everything in them', async () => {
    const { id } = await organizations.createOrganization({ name: 'Acme', externalId: 'acme' })
    const { value: member } = await session.engine.createMembership({
      organizationId: id as never,
      userId: 'user_ada',
    })
    await organizations.deleteOrganization(id)
    await expectRefusal(sdk, organizations.getOrganization(id), notFound)
    await expectRefusal(sdk, organizations.getOrganizationByExternalId('acme'), notFound)
    const { userManagement } = session.workos
    await expectRefusal(sdk, userManagement.getOrganizationMembership(member.id), notFound)
    await expectRefusal(sdk, organizations.deleteOrganization(id), notFound)
  })

  test('are refused under an external id that is taken, at once and later', async () => {
    await organizations.createOrganization({ name: 'Acme', externalId: 'acme' })
    const other = await organizations.createOrganization({ name: 'Other', externalId: 'other' })
    const taken = { status: 400, code: 'external_id_already_used' } as const
    await expectRefusal(sdk, organizations.createOrganization({ name: 'X', externalId: 'acme' }), taken)
    const call = organizations.updateOrganization({ organization: other.id, externalId: 'acme' })
    await expectRefusal(sdk, call, taken)
    expect((await organizations.getOrganization(other.id)).externalId).toBe('other')
  })

  test('are refused with metadata beyond the limits', async () => {
    const refusal = { status: 400, code: 'invalid_metadata', exception: 'BadRequestException' } as const
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, 'v']))
    for (const metadata of [many, { k: 'v'.repeat(601) }, { ['k'.repeat(41)]: 'v' }]) {
      await expectRefusal(sdk, organizations.createOrganization({ name: 'X', metadata }), refusal)
    }
    const fits = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`k${index}`, 'v'.repeat(600)]))
    expect(await organizations.createOrganization({ name: 'X', metadata: fits })).toMatchObject({
      metadata: fits,
    })
  })

  test.each([
    ['no name', {}],
    ['an empty name', { name: '' }],
    ['an external id beyond ASCII', { name: 'X', externalId: 'ä' }],
    ['an external id beyond 128 characters', { name: 'X', externalId: 'x'.repeat(129) }],
    ['a domain that is none', { name: 'X', domainData: [{ domain: 'no domain', state: 'verified' }] }],
  ])('are refused with %s', async (_, options) => {
    await expectRefusal(sdk, organizations.createOrganization(options as never), invalid)
  })

  test('that do not exist cannot be got or changed', async () => {
    const { organization } = nobody
    await expectRefusal(sdk, organizations.getOrganization(organization), notFound)
    await expectRefusal(sdk, organizations.updateOrganization({ organization, name: 'X' }), notFound)
  })
})

describe.each(sdksWith('organizations.listOrganizationRoles' as never))(
  'the older way to the roles of an organization, SDK $version',
  (sdk) => {
    test('yields them in the order of priority', async () => {
      const session = await startSdk(sdk)
      const { id } = await session.workos.organizations.createOrganization({ name: 'Acme' })
      for (const slug of ['editor', 'viewer']) await session.engine.createRole({ slug })
      const { organizations } = session.workos as unknown as OldOrganizations
      const { data } = await organizations.listOrganizationRoles({ organizationId: id })
      expect(data.map(({ slug }) => slug)).toEqual(['editor', 'viewer'])
      const { organization } = nobody
      const call = organizations.listOrganizationRoles({ organizationId: organization })
      await expectRefusal(sdk, call, notFound)
      await session.close()
    })
  },
)

interface OldOrganizations {
  readonly organizations: {
    listOrganizationRoles(options: {
      readonly organizationId: string
    }): Promise<{ readonly data: readonly { readonly slug: string }[] }>
  }
}

/** The older release puts an id into the path as it is, so that its callers encode what must be. */
function encoded(version: string, externalId: string): string {
  return version === '11.0.0' ? externalId : externalId.replaceAll('%', '%25')
}
