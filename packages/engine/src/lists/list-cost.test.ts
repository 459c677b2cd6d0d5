import type { MembershipId, ResourceId, ResourceRef } from '@bailiwick/core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { applyChanges } from '../graph/apply-change.js'
import { GroupTable } from '../graph/group-table.js'
import { OrderedEntries } from '../graph/ordered-ids.js'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { ResourceTable } from '../graph/resource-table.js'
import { RowTable } from '../graph/row-table.js'
import { largeOrganization, organizationId } from './fixtures/large-organization.js'
import { listResources } from './list-resources.js'
import { listSubjects } from './list-subjects.js'

const many = 100_000
const some = 1_000
const few = 25

/**
 * What a list costs is counted in steps through the tables of the graph: the clock would tell more about the machine
 * than about the list.
 */
describe('what a list costs', () => {
  let graph: OrganizationGraph
  const holders: Record<string, MembershipId> = {}
  const shared: Record<string, ResourceId> = {}

  beforeAll(async () => {
    const large = await largeOrganization()
    const { resource, membership, give } = large
    const workspaces = ['some', 'many', 'folders'].map((name) => {
      const workspace = resource('workspace', large.root)
      holders[name] = membership()
      give(holders[name], 'workspace-admin', workspace)
      return workspace
    }) as [ResourceId, ResourceId, ResourceId]
    // One workspace after the other: whoever reaches the last one sees nothing of the first 100 000 by id.
    const projects = Array.from({ length: some }, () => resource('project', workspaces[0]))
    for (let i = 0; i < many; i++) resource('project', workspaces[1])
    for (let i = 0; i < some; i++) {
      const folder = resource('folder', workspaces[2])
      for (let j = 0; j < 20; j++) resource('project', folder)
    }
    holders.all = membership('owner')
    holders.few = membership()
    for (const project of projects.slice(100, 100 + few)) give(holders.few, 'project-editor', project)

    const members = Array.from({ length: 20 * some }, () => membership())
    const quiet = resource('workspace', large.root)
    for (const name of ['few', 'some', 'many']) shared[name] = resource('project', quiet)
    for (const member of members.slice(7_000, 7_000 + few))
      give(member, 'project-editor', shared.few as ResourceId)
    for (const member of members.slice(0, some)) give(member, 'project-editor', shared.some as ResourceId)
    give(large.group(members), 'project-editor', shared.many as ResourceId)
    graph = large.build()
  })

  test.each([
    ['100 000 below one resource', 'many'],
    ['20 000 in a thousand folders', 'folders'],
    ['everything', 'all'],
  ])('the first page of 100 out of %s is at most three times that out of 1 000', (_, name) => {
    // What is large is put in order for the first page ever, and kept so.
    firstPage(name)
    expect(firstPage(name).ids).toHaveLength(100)
    expect(steps(() => firstPage(name))).toBeLessThanOrEqual(3 * steps(() => firstPage('some')))
  })

  test('a page from the middle costs what the first one does', () => {
    firstPage('many')
    const { after } = firstPage('many')
    const first = steps(() => firstPage('many'))
    expect(steps(() => firstPage('many', after))).toBeLessThanOrEqual(first * 1.5)
  })

  test('a page from the end costs what the first one does', () => {
    for (const name of ['some', 'many'] as const) {
      firstPage(name)
      const first = steps(() => firstPage(name))
      expect(firstPage(name, undefined, 'desc').ids).toHaveLength(100)
      expect(steps(() => firstPage(name, undefined, 'desc'))).toBeLessThanOrEqual(first * 1.5)
    }
  })

  test('a short list costs little, however large the organization is', () => {
    expect(firstPage('few').ids).toHaveLength(few)
    expect(steps(() => firstPage('few'))).toBeLessThan(40 * few)
  })

  test('a change keeps in order what has been put in order', () => {
    firstPage('folders')
    const before = steps(() => firstPage('folders'))
    const known = graph.resources.findById(firstPage('folders').ids[0] as string)
    const parentId = graph.resources.id(graph.resources.parent(known))
    const id = `authz_resource_${'0'.repeat(26)}` as ResourceId
    const entity = { id, type: 'project', externalId: 'first', parentId }
    applyChanges(graph, [{ op: 'put', kind: 'resource', entity }])
    expect(firstPage('folders').ids[0]).toBe(id)
    expect(steps(() => firstPage('folders'))).toBeLessThanOrEqual(before * 1.1)
    applyChanges(graph, [{ op: 'remove', kind: 'resource', id }])
    expect(firstPage('folders').ids).not.toContain(id)
  })

  test('who has access: 100 out of 20 000 members of a group against 100 out of 1 000 assignments', () => {
    expect(whoOn('many')).toHaveLength(100)
    expect(steps(() => whoOn('many'))).toBeLessThanOrEqual(3 * steps(() => whoOn('some')))
  })

  test('who has access: a few among 20 000', () => {
    // The first question about a role looks through all memberships once.
    expect(whoOn('few')).toHaveLength(few + 1)
    expect(steps(() => whoOn('few'))).toBeLessThan(40 * few)
  })

  function firstPage(
    name: string,
    after?: ReturnType<typeof listResources>['after'],
    order: 'asc' | 'desc' = 'asc',
  ) {
    const subject = { membershipId: holders[name] as MembershipId }
    const question = { organizationId, subject, permission: 'project:view', type: 'project' }
    const page = listResources(graph, question, { limit: 100, order, ...(after && { after }) })
    return { ids: page.items.map(({ id }) => id), after: page.after }
  }

  function whoOn(name: string): readonly string[] {
    const resource: ResourceRef = { resourceId: shared[name] as ResourceId }
    const question = { organizationId, permission: 'project:view', resource }
    return listSubjects(graph, question, { limit: 100 }).items.map(({ id }) => id)
  }
})

/** How many times a table of the graph is asked for the next thing. */
function steps(run: () => unknown): number {
  const spies = [
    vi.spyOn(OrderedEntries.prototype, 'at'),
    vi.spyOn(ResourceTable.prototype, 'parent'),
    vi.spyOn(ResourceTable.prototype, 'nextSibling'),
    vi.spyOn(RowTable.prototype, 'nextOfHolder'),
    vi.spyOn(RowTable.prototype, 'nextOnResource'),
    vi.spyOn(GroupTable.prototype, 'nextOfGroup'),
    vi.spyOn(GroupTable.prototype, 'nextOfMembership'),
  ]
  try {
    run()
    return spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0)
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}
