import type { AuthorizationEngine } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  acme,
  agent,
  ann,
  assign,
  bob,
  bot,
  create,
  may,
  openAcme,
  project,
  workspace,
} from '../fixtures/acme.js'

let engine: AuthorizationEngine

beforeEach(async () => {
  engine = await openAcme()
})

describe('replacing the assignments of a subject', () => {
  test('gives what is new, takes back the rest, and keeps what stays under its id', async () => {
    const kept = await assign(engine, ann, 'project-editor', project('web'))
    await assign(engine, ann, 'workspace-admin', workspace('ops'))
    const others = await assign(engine, bob, 'workspace-admin', workspace('ops'))
    const { value } = await engine.replaceAssignments(acme, ann, [
      { role: 'project-editor', resource: project('web') },
      { role: 'project-editor', resource: project('web') },
      { role: 'accountant' },
      { role: 'accountant' },
    ])
    expect(value.map(({ role }) => role)).toEqual(['project-editor', 'accountant'])
    expect(value[0]).toEqual(kept)
    expect(await engine.listAssignments(acme, ann)).toEqual(value)
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(engine, ann, 'project:edit', project('site'))).toBe('no_grant')
    expect(await engine.listAssignments(acme, bob)).toEqual([others])
  })

  test('by nothing takes everything back, and repeated changes nothing', async () => {
    await assign(engine, ann, 'project-editor', project('web'))
    const first = await engine.replaceAssignments(acme, ann, [])
    const second = await engine.replaceAssignments(acme, ann, [])
    expect(first.value).toEqual([])
    expect(second.token).toBe(first.token)
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('no_grant')
  })

  test('is refused as a whole when one of them is wrong', async () => {
    await assign(engine, ann, 'project-editor', project('web'))
    const wrong = [{ role: 'accountant' }, { role: 'project-editor', resource: workspace('eng') }]
    await expect(engine.replaceAssignments(acme, ann, wrong)).rejects.toMatchObject({
      code: 'role_type_mismatch',
    })
    expect(await may(engine, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
  })

  test('takes at most 100, and 100 it takes', async () => {
    const wanted: { role: string; resource: ReturnType<typeof project> }[] = []
    for (let n = 0; n < 101; n++) {
      await create(engine, project(`p${n}`), workspace('eng'))
      wanted.push({ role: 'project-editor', resource: project(`p${n}`) })
    }
    await expect(engine.replaceAssignments(acme, ann, wanted)).rejects.toMatchObject({
      code: 'input_invalid',
    })
    expect((await engine.replaceAssignments(acme, ann, wanted.slice(1))).value).toHaveLength(100)
    expect(await may(engine, ann, 'project:edit', project('p100'))).toBe('allow')
    expect(await may(engine, ann, 'project:edit', project('p0'))).toBe('no_grant')
  })
})

describe('subjects of an assignment', () => {
  test('a resource of a type that is able to act is one, and any other is not', async () => {
    const given = await assign(engine, agent('helper'), 'project-editor', project('web'))
    const helper = await engine.findResource(acme, bot('helper'))
    expect(given.subject).toEqual({ kind: 'agent', id: helper?.id })
    expect(await engine.listAssignments(acme, agent('helper'))).toEqual([given])
    await expect(assign(engine, { agent: project('web') }, 'accountant')).rejects.toMatchObject({
      code: 'agent_not_found',
    })
  })

  test('an id of another kind of subject names nobody', async () => {
    await assign(engine, ann, 'accountant')
    const { value: group } = await engine.createGroup({ organizationId: acme, name: 'om_ann' })
    expect(await engine.listAssignments(acme, { groupId: group.id })).toEqual([])
    expect(await engine.listAssignments(acme, { userId: 'nobody' })).toEqual([])
  })
})

test('an assignment that was given comes back whole when it is given again', async () => {
  const { value: first } = await engine.assignRole({ organizationId: acme, subject: ann, role: 'accountant' })
  const { value: again } = await engine.assignRole({ organizationId: acme, subject: ann, role: 'accountant' })
  expect(again).toEqual(first)
})
