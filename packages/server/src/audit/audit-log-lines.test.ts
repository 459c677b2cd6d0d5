import type { Change, ChangeSource, LogEntry, OrganizationId } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { auditLogLines } from './audit-log-lines.js'

test('what is committed while the log is exported is no part of it', async () => {
  const shard = 'org_acme' as OrganizationId
  const entries = [1, 2].map((position): LogEntry => {
    const changes: Change[] = [{ op: 'remove', kind: 'group', id: `group_${position}` }]
    return { position, commit: { shard, revision: position, at: '2026-05-01T00:00:00.000Z', changes } }
  })
  const changes = {
    id: 'store',
    lastPosition: async () => 1,
    links: async () => [{ first: 1, position: 1, text: '', hash: 'the hash of the first' }],
    log: async ({ after, limit }: { readonly after: number; readonly limit: number }) =>
      entries.slice(after, after + limit),
    revision: async () => 0,
    commitsSince: async () => [],
  } as unknown as ChangeSource
  let text = ''
  for await (const piece of auditLogLines(changes)) text += piece
  const [, ...lines] = text
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each))
  expect(lines).toEqual([
    expect.objectContaining({ position: 1 }),
    { end: 1, position: 1, head: 'the hash of the first' },
  ])
})
