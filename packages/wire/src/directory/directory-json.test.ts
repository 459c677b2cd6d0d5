import type { Group, GroupId, Membership, MembershipId, Organization, OrganizationId } from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { groupJson, parseGroup, renderGroup } from './groups.js'
import {
  chosenRoles,
  inPriority,
  membershipChangesJson,
  membershipJson,
  parseMembership,
  renderMembership,
} from './memberships.js'
import {
  newOrganizationJson,
  organizationChangesJson,
  organizationJson,
  parseNewOrganization,
  parseOrganization,
  parseOrganizationChanges,
  renderNewOrganization,
  renderOrganization,
} from './organizations.js'
import { mintJson } from './sessions.js'
import { newUserJson, parseNewUser, parseUserChanges, userChangesJson } from './users.js'

const id = <Id extends string>(prefix: string) =>
  fc.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/).map((rest) => `${prefix}_${rest}` as Id)
const stamp = fc
  .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString())
const stamps = { createdAt: stamp, updatedAt: stamp }
const text = fc.string({ minLength: 1, maxLength: 40 })
const slug = fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/)
const state = fc.constantFrom('verified', 'pending', 'failed')
const domain = fc.stringMatching(/^[a-z]{1,10}\.example$/)

const organization: fc.Arbitrary<Organization> = fc.record({
  id: id<OrganizationId>('org'),
  name: text,
  externalId: fc.option(text),
  domains: fc.uniqueArray(fc.record({ domain, state }), { selector: (each) => each.domain, maxLength: 3 }),
  metadata: fc.dictionary(slug, text),
  ...stamps,
})
const groups = fc.option(fc.array(text, { maxLength: 3 }))
const membership: fc.Arbitrary<Membership> = fc.record({
  id: id<MembershipId>('om'),
  organizationId: id<OrganizationId>('org'),
  userId: text,
  status: fc.constantFrom('active', 'inactive', 'pending'),
  roles: fc.uniqueArray(slug, { maxLength: 4 }).map((slugs) => slugs.sort()),
  directoryGroups: fc.record({ sso: groups, directory: groups }),
  ...stamps,
})
const group: fc.Arbitrary<Group> = fc.record({
  id: id<GroupId>('group'),
  organizationId: id<OrganizationId>('org'),
  name: text,
  description: fc.option(text),
  ...stamps,
})
const overTheWire = (json: unknown): unknown => JSON.parse(JSON.stringify(json))

describe('on the other side of the wire', () => {
  test('an organization is what it was', () => {
    fc.assert(
      fc.property(organization, (before) => {
        const json = organizationJson.parse(overTheWire(renderOrganization(before)))
        expect(parseOrganization(json)).toEqual(before)
      }),
    )
  })

  test('an organization to be made is what was asked for', () => {
    fc.assert(
      fc.property(organization, ({ id, domains, metadata, externalId }) => {
        const wanted = { name: 'Acme', id, domains, metadata, ...(externalId && { externalId: 'acme' }) }
        const json = newOrganizationJson.parse(overTheWire(renderNewOrganization(wanted)))
        expect(parseNewOrganization(json)).toEqual(wanted)
      }),
    )
  })

  test('a membership is what it was, whatever the order of its roles', () => {
    fc.assert(
      fc.property(membership, fc.array(slug), (before, priority) => {
        const rendered = renderMembership(before, { organizationName: 'Acme', priority })
        expect(parseMembership(membershipJson.parse(overTheWire(rendered)))).toEqual(before)
      }),
    )
  })

  test('a membership of WorkOS itself says less, and is read as well', () => {
    const {
      directory_groups: _,
      roles: __,
      ...json
    } = renderMembership(
      {
        id: 'om_01' as MembershipId,
        organizationId: 'org_01' as OrganizationId,
        userId: 'user_01',
        status: 'active',
        roles: ['member'],
        directoryGroups: { sso: null, directory: null },
        createdAt: '2026-01-01T00:00:00.000Z',
        updatedAt: '2026-01-01T00:00:00.000Z',
      },
      { organizationName: 'Acme', priority: [] },
    )
    expect(parseMembership(membershipJson.parse(json))).toMatchObject({ roles: ['member'] })
  })

  test('a group is what it was', () => {
    fc.assert(
      fc.property(group, (before) => {
        expect(parseGroup(groupJson.parse(overTheWire(renderGroup(before))))).toEqual(before)
      }),
    )
  })
})

describe('a change names only what it changes', () => {
  test('of an organization, where null clears', () => {
    const parsed = organizationChangesJson.parse({ external_id: null, created_at: 'never', id: 'org_2' })
    expect(parseOrganizationChanges(parsed)).toEqual({ externalId: null })
    expect(parseOrganizationChanges(organizationChangesJson.parse({}))).toEqual({})
  })

  test('of a user, where null clears', () => {
    const parsed = userChangesJson.parse({ first_name: null, metadata: { a: null }, id: 'user_2' })
    expect(parseUserChanges(parsed)).toEqual({ firstName: null, metadata: { a: null } })
    expect(parseNewUser(newUserJson.parse({ email: 'ada@acme.example' }))).toEqual({
      email: 'ada@acme.example',
    })
  })

  test.each([
    [{}, undefined],
    [{ role_slug: 'admin' }, ['admin']],
    [{ role_slugs: ['admin', 'member'] }, ['admin', 'member']],
  ])('of a membership: %j', (json, roles) => {
    expect(chosenRoles(membershipChangesJson.parse(json))).toEqual(roles)
  })
})

test('roles come in the order of priority, those that it does not name last', () => {
  expect(inPriority(['a', 'b', 'c', 'd'], ['c', 'a'])).toEqual(['c', 'a', 'b', 'd'])
})

test.each([
  [{ organization_membership_id: 'om_01' }, true],
  [{ user_id: 'user_01' }, true],
  [{}, false],
  [{ organization_membership_id: 'om_01', user_id: 'user_01' }, false],
])('a session is minted for a membership or for a user: %j', (json, isFine) => {
  expect(mintJson.safeParse(json).success).toBe(isFine)
})
