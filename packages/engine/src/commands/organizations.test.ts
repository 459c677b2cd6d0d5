import type { OrganizationChanges, OrganizationId } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { acme, ann, may, model } from '../fixtures/acme.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'
import type { StoreOpener } from '../store/store.js'

const globex = 'org_globex' as OrganizationId
const root = (externalId: string) => ({ type: 'organization', externalId })
const domains = [{ domain: 'acme.test', state: 'verified' }] as const

let store: StoreOpener
let engine: EmbeddedEngine
const update = async (to: OrganizationChanges) => (await engine.updateOrganization(acme, to)).value

beforeEach(async () => {
  store = memoryStore({ access: 'exclusive' })
  engine = await openEngine({ store, model })
  await engine.createOrganization({
    id: acme,
    name: 'Acme',
    externalId: 'acme-1',
    domains,
    metadata: { a: '1' },
  })
  await engine.createMembership({
    organizationId: acme,
    userId: 'ann',
    id: ann.membershipId,
    roles: ['accountant'],
  })
})

describe('an organization', () => {
  test('keeps its domains and its metadata', async () => {
    expect(await engine.getOrganization(acme)).toMatchObject({ domains, metadata: { a: '1' } })
    const { value } = await engine.createOrganization({ id: globex, name: 'Globex' })
    expect(value).toMatchObject({ externalId: null, domains: [], metadata: {} })
  })

  test('changes in what is named: domains in whole, metadata key by key', async () => {
    const pending = [{ domain: 'acme.example', state: 'pending' }] as const
    expect(await update({ metadata: { a: '', b: '2' } })).toMatchObject({ domains, metadata: { b: '2' } })
    const changed = await update({ domains: pending })
    expect(changed).toMatchObject({
      name: 'Acme',
      externalId: 'acme-1',
      domains: pending,
      metadata: { b: '2' },
    })
    expect(await engine.getOrganization(acme)).toEqual(changed)
  })

  test('has its external id alone, over all organizations', async () => {
    const other = { id: globex, name: 'Globex', externalId: 'acme-1' }
    const taken = { code: 'organization_exists', ref: 'acme-1', field: 'externalId' }
    await expect(engine.createOrganization(other)).rejects.toMatchObject(taken)
    expect(await engine.getOrganization(globex)).toBeUndefined()
    await engine.createOrganization({ ...other, externalId: 'globex-1' })
    const stolen = engine.updateOrganization(globex, { externalId: 'acme-1' })
    await expect(stolen).rejects.toMatchObject(taken)
    await update({ externalId: null })
    await engine.updateOrganization(globex, { externalId: 'acme-1' })
  })

  test('may have the same domain as another', async () => {
    await engine.createOrganization({ id: globex, name: 'Globex', domains })
  })

  test.each<[string, OrganizationChanges]>([
    ['name', { name: '' }],
    ['externalId', { externalId: 'ä' }],
    ['domain', { domains: [{ domain: 'two words', state: 'verified' }] }],
    ['domain state', { domains: [{ domain: 'acme.test', state: 'known' as never }] }],
    ['domains', { domains: [...domains, { domain: 'ACME.test', state: 'failed' }] }],
    ['metadata', { metadata: { k: 'v'.repeat(601) } }],
  ])('is refused for a wrong %s, and stays as it was', async (field, to) => {
    const before = await engine.getOrganization(acme)
    await expect(update(to)).rejects.toMatchObject({ code: 'input_invalid', field })
    expect(await engine.getOrganization(acme)).toEqual(before)
  })

  test('that is not there cannot change', async () => {
    const changing = engine.updateOrganization(globex, { name: 'Globex' })
    await expect(changing).rejects.toMatchObject({ code: 'organization_not_found' })
  })
})

describe('the root resource of an organization', () => {
  test('answers to its external id of now, and always to the id', async () => {
    for (const externalId of ['acme-2', null, 'acme-3']) {
      const before = await engine.getOrganization(acme)
      await update({ externalId })
      const current = externalId ?? acme
      for (const name of [current, acme]) {
        expect(await may(engine, ann, 'billing:manage', root(name))).toBe('allow')
        expect(await engine.findResource(acme, root(name))).toMatchObject({ externalId: current })
      }
      expect(await may(engine, ann, 'billing:manage', root(`${before?.externalId}`))).toBe('resource_unknown')
    }
  })

  test('is told by that name in grants, in a handle that remembers it, and after a reopen', async () => {
    const handle = engine.subject(acme, ann)
    const place = engine.resource(acme, root('acme-1'))
    expect(handle.allows('billing:manage', place)).toBe(true)
    await update({ externalId: 'acme-2', name: 'Acme Inc.' })
    expect(handle.allows('billing:manage', place)).toBe(false)
    const question = { organizationId: acme, subject: ann, permission: 'billing:manage' }
    const grants = [{ on: { type: 'organization', externalId: 'acme-2' } }]
    expect(await engine.check(question)).toMatchObject({ grants })
    expect(await engine.findResource(acme, root('acme-2'))).toMatchObject({ name: 'Acme Inc.' })
    await engine.close()
    const reopened = await openEngine({ store, model })
    expect(await reopened.check(question)).toMatchObject({ grants })
    await reopened.close()
  })
})
