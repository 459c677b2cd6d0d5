import { randomBytes } from 'node:crypto'
import { defineModel } from '@bailiwick/core'
import { type EmbeddedEngine, openEngine } from '@bailiwick/engine'
import { postgres, restoreAlone } from '@bailiwick/engine/postgres'
import { storeContract } from '@bailiwick/engine/store-contract'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type PlayedServer, playServer } from './played-server.js'
import { type PrivatePostgres, startPostgres } from './private-postgres.js'
import { describeWithOwnPostgres, runSql } from './test-database.js'

const isLong = process.env.RUNS === 'long'
const races = isLong ? 1_000 : 60
// They are sent the same but for the order of columns: one of them is enough every time.
const parts = isLong ? (['CockroachDB', 'YugabyteDB'] as const) : (['CockroachDB'] as const)

const model = defineModel({
  resourceTypes: { folder: { parents: ['organization'] } },
  permissions: { 'folder:edit': 'folder' },
  roles: { editor: { on: 'folder', permissions: ['folder:edit'] } },
})

/**
 * What a distributed database is sent, and what it must promise for that to hold, which is that transactions come to
 * what they would come to one after the other. PostgreSQL promises that as well when it is asked for it.
 */
describeWithOwnPostgres('on a server that is written to without locks', () => {
  let database: PrivatePostgres
  let url: string
  beforeAll(async () => {
    database = await startPostgres()
    const asSerializable = new URL(database.connectionString)
    asSerializable.searchParams.set('options', '-c default_transaction_isolation=serializable')
    url = asSerializable.href
  })
  afterAll(() => database?.stop())
  const newSchema = () => `test_${randomBytes(6).toString('hex')}`

  describe.each(parts)('as %s', (part) => {
    let server: PlayedServer
    const warnings: unknown[] = []
    beforeAll(() => {
      vi.spyOn(process, 'emitWarning').mockImplementation((_, options) => void warnings.push(options))
      server = playServer(part)
    })
    afterAll(() => {
      server.end()
      vi.restoreAllMocks()
    })

    storeContract(`${part}, played by PostgreSQL`, async () => {
      const schema = newSchema()
      return {
        opener: postgres(url, { schema, maxConnections: 4 }),
        dispose: () => runSql(url, `DROP SCHEMA "${schema}" CASCADE`),
      }
    })

    test('many that open it for the first time together make it once', async () => {
      const options = { schema: newSchema(), maxConnections: 2 }
      const stores = await Promise.all([1, 2, 3, 4].map(() => postgres(url, options)()))
      expect(new Set(stores.map(({ id }) => id)).size).toBe(1)
      for (const store of stores) await store.close()
      // There an `integer` has 8 bytes, which the driver hands over as a text.
      await runSql(url, `ALTER TABLE "${options.schema}".store ALTER COLUMN version TYPE bigint`)
      await (await postgres(url, options)()).close()
    })

    // It is waited for half a minute.
    if (isLong)
      test('tables that somebody left half made are not opened', async () => {
        const options = { schema: newSchema() }
        await (await postgres(url, options)()).close()
        await runSql(url, `UPDATE "${options.schema}".store SET version = -1`)
        await expect(postgres(url, options)()).rejects.toMatchObject({ code: 'store_damaged' })
      })

    test('one restore at a time has a schema, and the next one has it after that', async () => {
      const options = { schema: newSchema() }
      const restore = (work: () => Promise<unknown>) => restoreAlone(url, work, options)
      const another = async () => 'restored'
      const first = async () => {
        await expect(restore(another)).rejects.toMatchObject({ code: 'store_locked' })
        return 'first'
      }
      expect(await restore(first)).toBe('first')
      expect(await restore(another)).toBe('restored')
    })

    test(`${races} times a role is deleted while another node gives it: it is held, or it is gone`, async () => {
      const opener = postgres(url, { schema: newSchema() })
      const one = await openEngine({ store: opener, model })
      const other = await openEngine({ store: opener })
      const { id: organizationId } = (await one.createOrganization({ name: 'Acme' })).value
      const { id: membershipId } = (await one.createMembership({ organizationId, userId: 'kim' })).value
      const resource = { type: 'folder', externalId: 'a' } as const
      await one.createResource({ organizationId, ...resource, name: 'A' })
      const roundTrips = async (count: number) => {
        for (let trip = 0; trip < count; trip++) await one.getRole('editor')
      }
      const seen = { held: 0, gone: 0 }
      for (let race = 0; race < races; race++) {
        const role = `doomed-${race}`
        await one.createRole({ slug: role, name: role, on: 'folder', permissions: ['folder:edit'] })
        const subject = { membershipId }
        if (race % 2 === 0) await other.listAssignments(organizationId, subject)
        const [deleted, assigned] = await Promise.allSettled([
          roundTrips(race % 7).then(() => one.deleteRole(role)),
          roundTrips((race * 5) % 3).then(() =>
            other.assignRole({ organizationId, subject, role, resource }),
          ),
        ])
        expect([deleted.status, assigned.status].sort()).toEqual(['fulfilled', 'rejected'])
        if (assigned.status === 'fulfilled') {
          seen.held += 1
          expect(deleted).toMatchObject({ reason: { code: 'model_change_refused' } })
          await other.removeAssignment(organizationId, assigned.value.value.id)
          await one.deleteRole(role)
        } else {
          seen.gone += 1
          expect(assigned.reason).toMatchObject({ code: 'role_unknown' })
        }
        expect(await one.listAssignments(organizationId, subject)).toEqual([])
      }
      // Both came about, and whoever comes now reads what they left.
      expect(Math.min(seen.held, seen.gone)).toBeGreaterThan(0)
      const third = await openEngine({ store: opener })
      expect(await third.hasResource(organizationId, resource)).toBe(true)
      for (const engine of [one, other, third]) await engine.close()
    })

    test('the log has every commit once, and no reader passes one that comes late', async () => {
      const opener = postgres(url, { schema: newSchema() })
      const nodes = await Promise.all([1, 2, 3].map(() => openEngine({ store: opener, model })))
      const reader = await opener()
      const seen: number[] = []
      let isOver = false
      const reading = (async () => {
        for (let last = false; !last; ) {
          last = isOver
          const entries = await reader.log({ after: seen.at(-1) ?? 0, limit: 7 })
          seen.push(...entries.map(({ position }) => position))
          last &&= entries.length === 0
        }
      })()
      await Promise.all(nodes.map((node, n) => createOrganizations(node, `of ${n}`)))
      isOver = true
      await reading
      expect(seen).toEqual(seen.map((_, n) => n + 1))
      expect(seen.length).toBe(await reader.lastPosition())
      expect(seen.length).toBeGreaterThanOrEqual(3 * 20)
      await reader.close()
      for (const node of nodes) await node.close()
    })

    test('nothing was sent that it does not take but LISTEN, and that is said once for each connection', () => {
      expect(new Set(server.refused.map((text) => text.split(' ')[0]))).toEqual(new Set(['LISTEN']))
      expect(warnings).toEqual(server.refused.map(() => ({ code: 'BAILIWICK_NO_LISTEN' })))
    })
  })
})

async function createOrganizations(engine: EmbeddedEngine, name: string): Promise<void> {
  for (let n = 0; n < 20; n++) await engine.createOrganization({ name: `${n} ${name}` })
}
