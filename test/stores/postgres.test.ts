import { randomBytes } from 'node:crypto'
import {
  type Change,
  environmentShard,
  type Group,
  type GroupId,
  type OrganizationId,
  type ResourceId,
} from '@bailiwick/core'
import type { CommitDraft } from '@bailiwick/engine'
import { postgres, restoreAlone } from '@bailiwick/engine/postgres'
import { storeContract } from '@bailiwick/engine/store-contract'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithPostgres, runSql, type TestDatabase, testDatabase } from './test-database.js'

const groupOf = (name: string, at: string): Group => ({
  id: `group_${name}` as GroupId,
  organizationId: 'org_acme' as OrganizationId,
  name,
  description: null,
  createdAt: at,
  updatedAt: at,
})

const newSchema = () => `test_${randomBytes(6).toString('hex')}`

describeWithPostgres('on a database of its own', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database.stop())

  test.each(['read committed', 'repeatable read', 'serializable'])(
    'writers who wait for a change of what they rest on find it, and reads go on (%s)',
    async (isolation) => {
      const url = new URL(database.connectionString)
      url.searchParams.set('options', `-c default_transaction_isolation=${isolation.replace(' ', '\\ ')}`)
      const store = await postgres(url.href, { schema: newSchema(), maxConnections: 4 })()
      const at = '2026-01-05T10:00:00.000Z'
      const nothing = { at, changes: [] }
      const one: CommitDraft = { at, changes: [{ op: 'put', kind: 'group', entity: groupOf('new', at) }] }
      const given = { given: { shard: environmentShard, revision: 1 } } as const
      const organizations = Array.from({ length: 10 }, (_, n) => `org_${n}` as OrganizationId)
      for (const shard of [environmentShard, ...organizations] as const)
        await store.append(shard, 0, [nothing])
      const waiting: Promise<{ readonly kind: string }>[] = []
      const changed = await store.append(environmentShard, 1, [nothing], {
        when: async () => {
          for (const [n, id] of organizations.entries())
            waiting.push(store.append(id, 1, n % 2 === 0 ? [one] : [nothing, nothing], given))
          for (const id of organizations) expect(await store.revision(id)).toBe(1)
          return true
        },
      })
      expect(changed.kind).toBe('appended')
      expect(await Promise.all(waiting)).toEqual(organizations.map(() => ({ kind: 'conflict', revision: 1 })))
      await store.close()
    },
  )

  test('one change alone is stored as every other, also when its date says wrongly that it is new', async () => {
    const store = await postgres(database.connectionString, { schema: newSchema() })()
    const [acme, globex] = ['org_acme' as OrganizationId, 'org_globex' as OrganizationId]
    const at = '2026-01-05T10:00:00.000Z'
    const given = (revision: number) => ({ given: { shard: environmentShard, revision } }) as const
    for (const shard of [environmentShard, acme, globex] as const)
      await store.append(shard, 0, [{ at, changes: [] }])
    const id = 'authz_resource_01HXYZ00000000000000000000' as ResourceId
    const other = 'authz_resource_01HXYZ00000000000000000001' as ResourceId
    const folder = (name: string, of = id): Change => ({
      op: 'put',
      kind: 'resource',
      entity: {
        id: of,
        organizationId: acme,
        type: 'folder',
        externalId: 'a',
        name,
        description: null,
        parentId: null,
        createdAt: at,
        updatedAt: at,
      },
    })
    const append = (shard: OrganizationId, expected: number, change: Change, model = 1) =>
      store.append(shard, expected, [{ at, changes: [change] }], given(model))
    const nameNow = async () => (await store.find('resource', id))?.entity.name
    expect(await append(acme, 1, folder('first'))).toEqual({ kind: 'appended', revision: 2 })
    expect(await append(acme, 2, folder('second'))).toEqual({ kind: 'appended', revision: 3 })
    expect(await nameNow()).toBe('second')
    expect(await append(globex, 1, folder('third'))).toMatchObject({ kind: 'taken', id })
    expect(await append(acme, 2, folder('late'))).toEqual({ kind: 'conflict', revision: 3 })
    // Nothing of these is in the way but what they are given, or where they begin.
    expect(await append(acme, 3, folder('of another model', other), 2)).toEqual({
      kind: 'conflict',
      revision: 3,
    })
    expect(await append(acme, 2, folder('late', other))).toEqual({ kind: 'conflict', revision: 3 })
    expect(await append(acme, 4, folder('early', other))).toEqual({ kind: 'conflict', revision: 3 })
    expect([await nameNow(), await store.find('resource', other)]).toEqual(['second', undefined])
    const gone: Change = { op: 'remove', kind: 'resource', id }
    expect(await append(acme, 3, gone)).toEqual({ kind: 'appended', revision: 4 })
    expect(await nameNow()).toBeUndefined()
    await expect(append(acme, 4, gone)).rejects.toThrow('cannot remove resource')
    expect((await store.commitsSince(acme, 0)).map(({ changes }) => changes)).toEqual([
      [],
      [folder('first')],
      [folder('second')],
      [gone],
    ])
    await store.close()
  })

  test('a connection on which an append has failed is not used again, and one without an error is', async () => {
    const url = new URL(database.connectionString)
    url.searchParams.set('application_name', 'fails_once')
    const store = await postgres(url.href, { schema: newSchema(), maxConnections: 1 })()
    const at = '2026-01-05T10:00:00.000Z'
    const shard = 'org_acme' as OrganizationId
    for (const each of [environmentShard, shard] as const) await store.append(each, 0, [{ at, changes: [] }])
    const given = { given: { shard: environmentShard, revision: 1 } } as const
    const append = (expected: number, change: Change) =>
      store.append(shard, expected, [{ at, changes: [change] }], given)
    const looking = new Client(database.connectionString)
    await looking.connect()
    const latest = `SELECT pid FROM pg_stat_activity WHERE application_name = 'fails_once' ORDER BY backend_start DESC LIMIT 1`
    const connection = async () => (await looking.query(latest)).rows
    const group = groupOf('new', at)
    const before = await connection()
    await append(1, { op: 'put', kind: 'group', entity: group })
    expect(await connection()).toEqual(before)
    await expect(append(2, { op: 'remove', kind: 'group', id: groupOf('other', at).id })).rejects.toThrow(
      'cannot remove group',
    )
    expect(await connection()).not.toEqual(before)
    expect(await append(2, { op: 'remove', kind: 'group', id: group.id })).toMatchObject({ revision: 3 })
    await looking.end()
    await store.close()
  })

  test('many that open it for the first time together make it once, and one of a later release is not opened', async () => {
    const schema = newSchema()
    const open = () => postgres(database.connectionString, { schema, maxConnections: 2 })()
    const stores = await Promise.all([1, 2, 3, 4].map(open))
    expect(new Set(stores.map(({ id }) => id)).size).toBe(1)
    await runSql(database.connectionString, `UPDATE "${schema}".store SET version = version + 1`)
    await expect(open()).rejects.toMatchObject({ code: 'store_newer' })
    // Who has it open goes on beside the later release.
    expect(
      (await stores[0]?.append(environmentShard, 0, [{ at: '2026-01-05T10:00:00.000Z', changes: [] }]))?.kind,
    ).toBe('appended')
    for (const store of stores) await store.close()
  })

  test('what the release before has made is brought up to date, and its nodes find what they call', async () => {
    const { connectionString } = database
    const schema = newSchema()
    const open = () => postgres(connectionString, { schema })()
    const made = await open()
    await made.close()
    const back = `DROP FUNCTION "${schema}".append_change_2; UPDATE "${schema}".store SET version = version - 1`
    await runSql(connectionString, back)
    const store = await open()
    expect(store.id).toBe(made.id)
    await store.close()
    for (const name of ['append_commits_1', 'append_change_1', 'append_change_2'])
      await runSql(connectionString, `SELECT '"${schema}".${name}'::regproc`)
    await expect(runSql(connectionString, `SELECT '"${schema}".append_change_3'::regproc`)).rejects.toThrow()
  })

  test('one restore at a time has a schema, and the next one has it after that', async () => {
    const { connectionString } = database
    const options = { schema: newSchema() }
    const restore = (work: () => Promise<unknown>) => restoreAlone(connectionString, work, options)
    const another = async () => 'restored'
    expect(
      await restore(async () => {
        await expect(restore(another)).rejects.toMatchObject({ code: 'store_locked' })
        return restoreAlone(connectionString, another, { schema: newSchema() })
      }),
    ).toBe('restored')
    expect(await restore(another)).toBe('restored')
  })

  storeContract('PostgreSQL', async () => {
    const schema = newSchema()
    return {
      opener: postgres(database.connectionString, { schema, maxConnections: 4 }),
      dispose: () => runSql(database.connectionString, `DROP SCHEMA "${schema}" CASCADE`),
    }
  })
})
