import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { defineModel } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { expect, test } from 'vitest'
import { describeWithPostgres, runSql, testDatabase } from './test-database.js'

const model = defineModel({
  resourceTypes: { folder: { parents: ['organization'] } },
  permissions: { 'folder:edit': 'folder' },
  roles: { editor: { on: 'folder', permissions: ['folder:edit'] } },
})
const script = fileURLToPath(new URL('../dist/stores/load-organization.js', import.meta.url))
const many = 100_000
const heapMb = 40

describeWithPostgres('an organization that is large', () => {
  test(`of ${2 * many} entities is loaded with ${heapMb} MB of objects, in which it would not fit`, async () => {
    if (!existsSync(script)) throw new Error('this test needs what `npm run build` makes')
    const database = await testDatabase()
    try {
      const engine = await openEngine({ store: postgres(database.connectionString), model })
      const organizationId = (await engine.createOrganization({ name: 'Acme' })).value.id
      const membership = (await engine.createMembership({ organizationId, userId: 'ann' })).value
      const folder = { type: 'folder', externalId: 'first', name: 'First' } as const
      const resource = (await engine.createResource({ organizationId, ...folder })).value
      const subject = { membershipId: membership.id }
      const assignment = { organizationId, subject, role: 'editor', resource: { resourceId: resource.id } }
      const { id } = (await engine.assignRole(assignment)).value
      await engine.close()
      // As many more of both, each assignment on a folder of its own.
      await runSql(
        database.connectionString,
        `INSERT INTO bailiwick.entities (shard, kind, id, entity)
         SELECT shard, kind, replace(id, right(id, 26), ulid),
           replace(replace(replace(entity, '${id}', 'role_assignment_' || ulid),
             '${resource.id}', 'authz_resource_' || ulid), '"first"', '"f' || n || '"')
         FROM bailiwick.entities, (SELECT n, lpad(n::text, 26, '0') AS ulid FROM generate_series(1, ${many}) AS n) AS numbers
         WHERE id IN ('${id}', '${resource.id}')`,
      )
      const load = (how: string, folderNumber: number) =>
        promisify(execFile)(process.execPath, [
          `--max-old-space-size=${heapMb}`,
          script,
          how,
          database.connectionString,
          organizationId,
          folderNumber === 0 ? resource.id : `authz_resource_${`${folderNumber}`.padStart(26, '0')}`,
          membership.id,
        ]).then(({ stdout }) => stdout.trim())
      expect(await load('in pages', many)).toBe('allow')
      await expect(load('whole', many)).rejects.toMatchObject({ signal: 'SIGABRT' })
    } finally {
      await database.stop()
    }
  })
})
