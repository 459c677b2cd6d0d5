import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type AcmeServer, acme, ann, bob, startAcme } from './acme-server.js'

let server: AcmeServer
beforeEach(async () => {
  server = await startAcme()
})
afterEach(() => server.close())

const web = { resource_external_id: 'web', resource_type_slug: 'project' }
const edits = { permission_slug: 'project:edit', ...web }

async function check(body: object) {
  const { status, json } = await server.call(
    'POST',
    `/authorization/organization_memberships/${ann}/check`,
    body,
  )
  return { status, json: { ...json, request_id: undefined } }
}

describe('a check of a membership that was met a moment ago', () => {
  test('is answered without waiting', async () => {
    await check(edits)
    const waiting = vi.spyOn(server.engine, 'check')
    expect(await check(edits)).toMatchObject({ status: 200, json: { authorized: true } })
    expect(waiting).not.toHaveBeenCalled()
  })

  test.each([
    ['allowed', edits, { status: 200, json: { authorized: true } }],
    ['denied', { ...edits, permission_slug: 'billing:manage' }, { status: 200, json: { authorized: false } }],
    [
      'allowed, for somebody who may as well',
      { ...edits, on_behalf_of: [{ organization_membership_id: ann }] },
      { status: 200, json: { authorized: true } },
    ],
    [
      'denied, for somebody who may not',
      { ...edits, on_behalf_of: [{ organization_membership_id: bob }] },
      { status: 200, json: { authorized: false } },
    ],
    [
      'explained',
      { ...edits, explain: true },
      { json: { authorized: true, grants: [{ role: { slug: 'editor' } }] } },
    ],
    ['of a permission that there is not', { ...edits, permission_slug: 'project:edti' }, { status: 200 }],
    ['of a resource that there is not', { ...edits, resource_external_id: 'none' }, { status: 404 }],
  ])('is what it was when it had to wait: %s', async (_, body, answer) => {
    const first = await check(body)
    expect(first).toMatchObject(answer)
    expect(await check(body)).toEqual(first)
  })

  test.each([
    ['its role is taken', () => server.engine.replaceAssignments(acme, { membershipId: ann }, [])],
    [
      'an exclusion denies it',
      () =>
        server.engine.createExclusion({
          organizationId: acme,
          subject: { membershipId: ann },
          permission: 'project:edit',
        }),
    ],
    ['it is not active', () => server.engine.setMembershipStatus(acme, { membershipId: ann }, 'inactive')],
  ])('is denied once %s', async (_, takeBack) => {
    expect(await check(edits)).toMatchObject({ json: { authorized: true } })
    expect(await check(edits)).toMatchObject({ json: { authorized: true } })
    await takeBack()
    expect(await check(edits)).toMatchObject({ status: 200, json: { authorized: false } })
  })

  test.each([
    ['its organization', () => server.engine.deleteOrganization(acme), 'membership_not_found'],
    ['itself', () => server.engine.deleteMembership(acme, { membershipId: ann }), 'membership_not_found'],
    [
      'the resource',
      () => server.engine.deleteResource(acme, { type: 'project', externalId: 'web' }, { cascade: true }),
      'resource_not_found',
    ],
  ])('finds nothing once %s is deleted', async (_, remove, reason) => {
    expect(await check(edits)).toMatchObject({ json: { authorized: true } })
    await remove()
    expect(await check(edits)).toMatchObject({ status: 404, json: { reason } })
  })
})
