import { whereInScope } from '@bailiwick/client/prisma'
import { describe, expect, test } from 'vitest'
import { Random, seedOfRun } from '../oracle/random/random.js'
import { selectRecords } from './prisma-records.js'
import type { ProjectRow } from './projects.js'
import { expectSameRows } from './same-rows.js'

const seed = seedOfRun()

const columns = {
  organization: 'organizationId',
  project: 'id',
  folder: 'folderId?',
  workspace: 'workspaceId?',
}

describe(`filters of Prisma (SEED=${seed})`, () => {
  test('find the records that checks allow', async () => {
    let records: readonly ProjectRow[] = []
    const table = {
      fill: async (rows: readonly ProjectRow[]) => {
        records = rows
      },
      select: async (scope: Parameters<typeof whereInScope>[0]) =>
        selectRecords(records, whereInScope(scope, columns)),
    }
    await expectSameRows(table, new Random(seed), 5)
  })

  // What the `?` is for, and what would come of leaving it out: too few, never too many.
  test('a field that may be null and is not said to be loses records that are excepted by nothing', () => {
    const record = { id: 'a', number: 1, organizationId: 'org_acme', workspaceId: null, folderId: null }
    const select = (where: object) => selectRecords([record], where)
    expect(select({ workspaceId: { notIn: ['w1'] } })).toEqual([])
    expect(select({ OR: [{ workspaceId: null }, { workspaceId: { notIn: ['w1'] } }] })).toEqual([record])
  })
})
