import { defineModel } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { engineOverPostgres } from './engine-over-postgres.js'
import { describeWithPostgres } from './test-database.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})

describeWithPostgres('who reads by SQL', () => {
  const over = engineOverPostgres(model)

  const rows = async (view: string) =>
    (await over.client.query(`SELECT * FROM bailiwick.${view} ORDER BY id`)).rows

  test('finds in the views of docs/stores.md what the engine has, and no more once it is gone', async () => {
    const { value: acme } = await over.engine.createOrganization({ name: 'Acme', externalId: 'acme' })
    const organizationId = acme.id
    const { value: ann } = await over.engine.createMembership({ organizationId, userId: 'user_ann' })
    const { value: crew } = await over.engine.createGroup({ organizationId, name: 'Crew' })
    const place = { organizationId, type: 'project', externalId: 'web', name: 'Café "Web"' } as const
    const { value: web } = await over.engine.createResource({ ...place, description: 'two\nlines' })
    const give = async (subject: { membershipId: typeof ann.id } | { groupId: typeof crew.id }) =>
      (
        await over.engine.assignRole({
          organizationId,
          subject,
          role: 'editor',
          resource: { resourceId: web.id },
        })
      ).value
    const [annEdits, crewEdits] = [await give({ membershipId: ann.id }), await give({ groupId: crew.id })]

    expect(await rows('organizations')).toMatchObject([
      { id: acme.id, name: 'Acme', external_id: 'acme', created_at: new Date(acme.createdAt) },
    ])
    expect(await rows('organization_memberships')).toMatchObject([
      { id: ann.id, organization_id: organizationId, user_id: 'user_ann', status: 'active' },
    ])
    expect(await rows('groups')).toMatchObject([
      { id: crew.id, organization_id: organizationId, name: 'Crew' },
    ])
    expect(await rows('resources')).toContainEqual({
      id: web.id,
      organization_id: organizationId,
      resource_type: 'project',
      external_id: 'web',
      name: 'Café "Web"',
      parent_resource_id: web.parentId,
      created_at: new Date(web.createdAt),
    })
    expect(await rows('roles')).toMatchObject([
      { organization_id: null, slug: 'editor', resource_type: 'project' },
    ])
    const held = (id: string, subject_kind: string, subject_id: string) => ({
      id,
      organization_id: organizationId,
      subject_kind,
      subject_id,
      role: 'editor',
      resource_id: web.id,
    })
    expect(await rows('role_assignments')).toMatchObject([
      held(annEdits.id, 'membership', ann.id),
      held(crewEdits.id, 'group', crew.id),
    ])

    await over.engine.removeAssignment(organizationId, annEdits.id)
    expect(await rows('role_assignments')).toMatchObject([held(crewEdits.id, 'group', crew.id)])
  })

  test('is not kept from it by what somebody has written: a NUL, which JSON has and PostgreSQL has not', async () => {
    const { value: acme } = await over.engine.createOrganization({ name: 'Acme' })
    const resource = { organizationId: acme.id, type: 'project', externalId: 'odd', name: 'Odd' } as const
    await expect(over.engine.createResource({ ...resource, description: 'a\u0000b' })).rejects.toMatchObject({
      code: 'input_invalid',
      field: 'description',
    })
    await expect(
      over.engine.updateOrganization(acme.id, { metadata: { note: '\u0000' } }),
    ).rejects.toMatchObject({
      code: 'input_invalid',
      field: 'metadata',
    })
    await over.engine.createResource({ ...resource, description: 'a\u0001b\n\u2028 🦊' })
    expect((await rows('resources')).map(({ external_id }) => external_id)).toContain('odd')
    expect(await rows('organizations')).not.toEqual([])
  })
})
