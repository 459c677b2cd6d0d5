import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { expect, test } from 'vitest'
import { describeWithPostgres, runSql, type TestDatabase, testDatabase } from './test-database.js'

const model = defineModel({
  resourceTypes: { folder: { parents: ['organization'] } },
  permissions: { 'folder:edit': 'folder' },
  roles: { editor: { on: 'folder', permissions: ['folder:edit'] } },
})
const script = fileURLToPath(new URL('../dist/stores/hold-organizations.js', import.meta.url))
const organizations = 6
const foldersEach = 6_000
const boundMb = 3
const name = 'long'.repeat(28)

describeWithPostgres('a node over PostgreSQL', () => {
  test('that is asked about more organizations than it may hold stays within its memory, and right', async () => {
    if (!existsSync(script)) throw new Error('this test needs what `npm run build` makes')
    const database = await testDatabase()
    try {
      await fill(database)
      const hold = async (memoryMb: number): Promise<{ allowed: number; mostMb: number }> => {
        const args = ['--expose-gc', script, database.connectionString]
        const told = [`${memoryMb}`, `${organizations}`, `${name}${foldersEach}`]
        return JSON.parse((await promisify(execFile)(process.execPath, [...args, ...told])).stdout)
      }
      const [free, bound] = [await hold(512), await hold(boundMb)]
      const checks = 2 * (organizations - 1)
      expect([free.allowed, bound.allowed]).toEqual([checks, checks])
      // One is held before anything is measured, and one is loaded while another is still held.
      const eachMb = free.mostMb / (organizations - 1)
      expect(free.mostMb).toBeGreaterThan(2 * boundMb)
      expect(bound.mostMb).toBeLessThan(boundMb + eachMb)
    } finally {
      await database.stop()
    }
  })
})

/** Organizations of the same size, in each of which one membership edits every folder. */
async function fill({ connectionString }: TestDatabase): Promise<void> {
  const engine = await openEngine({ store: postgres(connectionString), model })
  for (let n = 0; n < organizations; n++) {
    const organizationId = `org_${n}` as OrganizationId
    const membershipId = `om_${n}` as MembershipId
    await engine.createOrganization({ id: organizationId, name: 'x' })
    await engine.createMembership({ id: membershipId, organizationId, userId: 'ann' })
    const folder = { type: 'folder', externalId: 'first', name: 'x' } as const
    const resource = (await engine.createResource({ organizationId, ...folder })).value
    const assigned = await engine.assignRole({
      organizationId,
      subject: { membershipId },
      role: 'editor',
      resource: { resourceId: resource.id },
    })
    const { id } = assigned.value
    // As many more of both, each assignment on a folder of its own.
    await runSql(
      connectionString,
      `INSERT INTO bailiwick.entities (shard, kind, id, entity)
       SELECT shard, kind, replace(id, right(id, 26), ulid),
         replace(replace(replace(entity, '${id}', 'role_assignment_' || ulid),
           '${resource.id}', 'authz_resource_' || ulid), '"first"', '"${name}' || n || '"')
       FROM bailiwick.entities,
         (SELECT n, lpad((${n * foldersEach} + n)::text, 26, '0') AS ulid
          FROM generate_series(1, ${foldersEach}) AS n) AS numbers
       WHERE id IN ('${id}', '${resource.id}')`,
    )
  }
  await engine.close()
}
