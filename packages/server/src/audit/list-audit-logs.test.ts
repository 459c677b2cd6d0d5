import type { ChangeSource, LogEntry, OrganizationId } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { listAuditLogs } from './list-audit-logs.js'

const acme = 'org_acme' as OrganizationId
const globex = 'org_globex' as OrganizationId

/** A log of so many commits of one organization, before and behind one of another. */
function logAround(commits: number): ChangeSource {
  const entry = (position: number, shard: OrganizationId): LogEntry => ({
    position,
    commit: {
      shard,
      revision: position,
      at: '2026-05-01T00:00:00.000Z',
      changes: ['group_1', 'group_2'].map((id) => ({ op: 'remove', kind: 'group', id })),
    },
  })
  const entries = Array.from({ length: 2 * commits + 1 }, (_, n) =>
    entry(n + 1, n === commits ? globex : acme),
  )
  const log = async ({ after, limit }: { readonly after: number; readonly limit: number }) =>
    entries.slice(after, after + limit)
  return {
    log,
    lastPosition: async () => entries.length,
    revision: async () => 0,
    commitsSince: async () => [],
  } as unknown as ChangeSource
}

test.each([
  ['asc', 30_000, [0, 2, 0, 0]],
  ['desc', 30_000, [0, 2, 0, 0]],
  // Found with the very last commit that is looked at.
  ['asc', 19_999, [2, 0, 0]],
  ['desc', 19_999, [2, 0, 0]],
] as const)(
  'a page that takes long to find is cut short, and leads on: %s, behind %i others',
  async (order, others, expected) => {
    const changes = logAround(others)
    const pages: number[] = []
    let after: string | undefined
    do {
      const query = { organization_id: globex, order, ...(after === undefined ? {} : { after }) }
      const page = await listAuditLogs(changes, query)
      pages.push(page.items.length)
      after = page.after ?? undefined
    } while (after !== undefined)
    expect(pages).toEqual(expected)
  },
)
