import { compileModel } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { acme, ann, assign, create, definition, may, openAcme, project, workspace } from '../fixtures/acme.js'

const rolePriority = ['accountant', 'editor', 'member']
const model = compileModel({ ...definition, roleMode: 'single', rolePriority })

describe('an organization-level role that loses against another one', () => {
  test.each([
    ['assigned', 0, 'herself'],
    // So many are looked through in another way.
    ['assigned, among many others,', 200, 'herself'],
    ['of a group', 0, 'group'],
    ['of a group that has many others', 200, 'group'],
  ])('%s grants nothing, here or below', async (_, others, holder) => {
    const engine = await openAcme({ model })
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'Crew' })
    await engine.addGroupMember(acme, group.id, ann)
    const subject = holder === 'group' ? { groupId: group.id } : ann
    for (let n = 0; n < others; n++) {
      await create(engine, project(`${n}`), workspace('ops'))
      await assign(engine, subject, 'project-editor', project(`${n}`))
    }
    await assign(engine, subject, 'editor')
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    await engine.setMembershipRoles(acme, ann, ['accountant'])
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    expect(await may(engine, ann, 'project:edit')).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
    await engine.changeSettings({ roleMode: 'multiple' })
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  })
})

test.each([0, 200])(
  'a role below the organization, beside %i others, counts there and nowhere else',
  async (others) => {
    const engine = await openAcme({ model })
    for (let n = 0; n < others; n++) {
      await create(engine, project(`${n}`), workspace('ops'))
      await assign(engine, ann, 'project-editor', project(`${n}`))
    }
    await assign(engine, ann, 'project-editor', project('web'))
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('no_grant')
    expect(await may(engine, ann, 'project:edit')).toBe('no_grant')
  },
)

test('all that gives the role that counts is a grant, and one of them is enough', async () => {
  const engine = await openAcme({ model })
  await engine.setMembershipRoles(acme, ann, ['editor'])
  const { id } = await assign(engine, ann, 'editor')
  const question = {
    organizationId: acme,
    subject: ann,
    permission: 'project:edit',
    resource: project('web'),
  }
  const { decision } = await engine.explain(question)
  expect(decision).toMatchObject({
    grants: [{ from: 'membership' }, { from: 'assignment', assignmentId: id }],
  })
  await engine.setMembershipRoles(acme, ann, [])
  expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
  await engine.removeAssignment(acme, id)
  expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
})
