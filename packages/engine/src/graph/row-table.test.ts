import { defineModel, type OrganizationId } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})
const organizationId = 'org_one' as OrganizationId
const roles = 300

let engine: Awaited<ReturnType<typeof openEngine>>

beforeEach(async () => {
  engine = await openEngine({ store: memoryStore(), model })
  await engine.createOrganization({ id: organizationId, name: 'One' })
  await engine.createMembership({ organizationId, userId: 'ada' })
  for (let n = 0; n <= roles; n++)
    await engine.createResource({ organizationId, ...project(n), name: `Project ${n}` })
})

afterEach(() => engine.close())

function project(n: number) {
  return { type: 'project', externalId: `p${n}` }
}

async function mayEdit(n: number): Promise<boolean> {
  const question = {
    organizationId,
    subject: { userId: 'ada' },
    permission: 'project:edit',
    resource: project(n),
  }
  return (await engine.check(question)).kind === 'allow'
}

const kinds = ['a membership', 'a group'] as const

/** The subject that holds the roles, so that ada holds them. */
async function holder(kind: (typeof kinds)[number]) {
  if (kind === 'a membership') return { userId: 'ada' }
  const { value: group } = await engine.createGroup({ organizationId, name: 'Editors' })
  await engine.addGroupMember(organizationId, group.id, { userId: 'ada' })
  return { groupId: group.id }
}

describe.each(kinds)('the roles of %s, few or hundreds', (kind) => {
  test('grant where they are held, and nowhere else, as they come and go', async () => {
    const subject = await holder(kind)
    const given = []
    for (let n = 0; n < roles; n++) {
      expect(await mayEdit(n)).toBe(false)
      const assignment = { organizationId, subject, role: 'editor', resource: project(n) }
      given.push((await engine.assignRole(assignment)).value)
      expect(await mayEdit(n)).toBe(true)
      expect(await mayEdit(0)).toBe(true)
    }
    expect(await mayEdit(roles)).toBe(false)
    for (const [n, { id }] of given.entries()) {
      await engine.removeAssignment(organizationId, id)
      expect(await mayEdit(n)).toBe(false)
      expect(await mayEdit(roles - 1)).toBe(n < roles - 1)
    }
    await engine.assignRole({ organizationId, subject, role: 'editor', resource: project(7) })
    expect([await mayEdit(7), await mayEdit(8)]).toEqual([true, false])
  })

  test('are given once each', async () => {
    const subject = await holder(kind)
    const assignments = Array.from({ length: roles }, (_, n) => ({
      organizationId,
      subject,
      role: 'editor',
      resource: project(n),
    }))
    const first = await Promise.all(assignments.map((each) => engine.assignRole(each)))
    const again = await Promise.all(assignments.map((each) => engine.assignRole(each)))
    expect(again.map(({ value }) => value.id)).toEqual(first.map(({ value }) => value.id))
    expect(await engine.listAssignments(organizationId, subject)).toHaveLength(roles)
  })
})
