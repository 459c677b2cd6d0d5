import type { GroupId, MembershipId, OrganizationId, ResourceId, UserId } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { resourcesKey, subjectsKey } from './question-key.js'

const organizationId = 'org_acme' as OrganizationId
const globex = 'org_globex' as OrganizationId

test('no two questions are taken for one, however alike they read', () => {
  const web = { type: 'project', externalId: 'web' }
  const subject = { membershipId: 'one' as MembershipId }
  const user = { userId: 'one' as UserId }
  const of = { organizationId, subject, permission: 'project:view', type: 'project' }
  const on = { organizationId, permission: 'project:view' }
  const keys = [
    resourcesKey(of),
    resourcesKey({ ...of, organizationId: globex }),
    resourcesKey({ ...of, permission: 'project:edit' }),
    resourcesKey({ ...of, type: 'app' }),
    resourcesKey({ ...of, depth: 'children' }),
    resourcesKey({ ...of, under: web }),
    resourcesKey({ ...of, under: { type: 'webproject', externalId: '' } }),
    resourcesKey({ ...of, under: { type: 'web', externalId: 'project' } }),
    resourcesKey({ ...of, under: { ...web, externalId: 'webs' } }),
    resourcesKey({ ...of, under: { ...web, externalId: 'webs\0' } }),
    resourcesKey({ ...of, under: { resourceId: 'web' as ResourceId } }),
    resourcesKey({ ...of, subject: user }),
    resourcesKey({ ...of, subject: { groupId: 'one' as GroupId } }),
    resourcesKey({ ...of, subject: { agent: { resourceId: 'one' as ResourceId } } }),
    resourcesKey({ ...of, subject: { agent: { type: 'bot', externalId: 'one' } } }),
    resourcesKey({ ...of, onBehalfOf: [user] }),
    resourcesKey({ ...of, onBehalfOf: [user, user] }),
    resourcesKey({ ...of, onBehalfOf: [user, subject] }),
    subjectsKey(on),
    subjectsKey({ ...on, organizationId: globex }),
    subjectsKey({ ...on, permission: 'project:edit' }),
    subjectsKey({ ...on, resource: web }),
    subjectsKey({ ...on, resource: { resourceId: 'web' as ResourceId } }),
    subjectsKey({ ...on, kind: 'group' }),
    subjectsKey({ ...on, kind: 'agent' }),
    subjectsKey({ ...on, access: 'direct' }),
  ]
  const hashes = keys.map(({ hash: { one, other } }) => `${one} ${other}`)
  expect(new Set(hashes).size).toBe(keys.length)
})

test('what is said by leaving it out is said', () => {
  const subject = { userId: 'ann' as UserId }
  const of = { organizationId, subject, permission: 'project:view', type: 'project' }
  expect(resourcesKey({ ...of, depth: 'subtree', onBehalfOf: [] }).hash).toEqual(resourcesKey(of).hash)
  const on = { organizationId, permission: 'project:view' }
  expect(subjectsKey({ ...on, kind: 'membership', access: 'any' }).hash).toEqual(subjectsKey(on).hash)
})
