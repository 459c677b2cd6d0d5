import type { Cursor, MembershipId, ResourceId } from '@bailiwick/core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { ResourceTable } from '../graph/resource-table.js'
import { largeOrganization, organizationId } from './fixtures/large-organization.js'
import { listResources } from './list-resources.js'

const workspaces = 20
const projectsEach = 10

describe('what lies below many resources', () => {
  let graph: OrganizationGraph
  let reachesMost: MembershipId
  let reachesFew: MembershipId
  const below: ResourceId[][] = []

  beforeAll(async () => {
    const { root, resource, membership, give, build } = await largeOrganization()
    ;[reachesMost, reachesFew] = [membership(), membership()]
    for (let n = 0; n < workspaces; n++) {
      const workspace = resource('workspace', root)
      const folder = resource('folder', workspace)
      // Half of them two levels below.
      below.push(
        Array.from({ length: projectsEach }, (_, m) => resource('project', m % 2 ? folder : workspace)),
      )
      if (n >= 2) give(reachesMost, 'workspace-admin', workspace)
      if (n === 7) give(reachesFew, 'folder-editor', folder)
    }
    graph = build()
  })

  test('is found without going to every child', () => {
    const { ids, wentTo } = projectsOf(reachesMost)
    expect(ids).toEqual(below.slice(2).flat())
    expect(wentTo).toBeLessThan(workspaces)
  })

  test('is found by going to the children where there are few', () => {
    const { ids, wentTo, parentsAsked } = projectsOf(reachesFew)
    expect(ids).toEqual(below[7]?.filter((_, m) => m % 2))
    expect(wentTo).toBeGreaterThan(0)
    expect(parentsAsked).toBe(0)
  })

  function projectsOf(membershipId: MembershipId) {
    const nextSibling = vi.spyOn(ResourceTable.prototype, 'nextSibling')
    const parent = vi.spyOn(ResourceTable.prototype, 'parent')
    try {
      const question = {
        organizationId,
        subject: { membershipId },
        permission: 'project:view',
        type: 'project',
      }
      const ids: string[] = []
      for (let after: Cursor | null | undefined; after !== null; ) {
        const page = listResources(graph, question, { limit: 100, ...(after && { after }) })
        ids.push(...page.items.map(({ id }) => id))
        after = page.after
      }
      return { ids, wentTo: nextSibling.mock.calls.length, parentsAsked: parent.mock.calls.length }
    } finally {
      nextSibling.mockRestore()
      parent.mockRestore()
    }
  }
})
