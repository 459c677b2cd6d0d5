import { defineModel, type OrganizationId } from '@bailiwick/core'
import { type EmbeddedEngine, openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { poolingProxy } from './pooling-proxy.js'
import { describeWithPostgres, runSql, type TestDatabase, testDatabase } from './test-database.js'

const model = defineModel({
  resourceTypes: { folder: { parents: ['organization'] } },
  permissions: { 'folder:edit': 'folder' },
  roles: { editor: { on: 'folder', permissions: ['folder:edit'] } },
})

describeWithPostgres('prepared statements', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database?.stop())

  /** Writes and reads of every kind, of which some go wrong in a transaction and are looked at. */
  const live = async (engine: EmbeddedEngine, name: string) => {
    const organizationId = (await engine.createOrganization({ name })).value.id
    const membershipId = (await engine.createMembership({ organizationId, userId: `user_${name}` })).value.id
    const made = await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        const { value } = await engine.createResource({
          organizationId,
          type: 'folder',
          externalId: `f${n}`,
          name,
        })
        await engine.assignRole({
          organizationId,
          subject: { membershipId },
          role: 'editor',
          resource: { resourceId: value.id },
        })
        return value.id
      }),
    )
    await engine.updateResource(organizationId, { type: 'folder', externalId: 'f1' }, { name: 'other' })
    for (const resourceId of made.slice(10))
      await engine.deleteResource(organizationId, { resourceId }, { cascade: true })
    await expect(
      engine.createMembership({ id: membershipId, organizationId, userId: 'user_another' }),
    ).rejects.toMatchObject({ code: 'membership_exists' })
    const list = await engine.listAssignments(organizationId, { membershipId })
    expect(list).toHaveLength(10)
  }

  /** A store of one connection. What `note` does there, it does on that connection, and says what was prepared on it. */
  const oneConnection = async (schema: string, options: { readonly prepare?: boolean } = {}) => {
    const store = await postgres(database.connectionString, { schema, maxConnections: 1, ...options })()
    const notebook = store.notebook(Date.now)
    const change = (sql: string) => runSql(database.connectionString, sql.replaceAll('{}', schema))
    await change(`
      CREATE FUNCTION {}.tell() RETURNS trigger LANGUAGE plpgsql AS $body$
      BEGIN
        new.value = (SELECT count(*) FROM pg_prepared_statements);
        IF new.key = 'forget' THEN EXECUTE 'DEALLOCATE ALL'; END IF;
        RETURN new;
      END $body$;
      CREATE TRIGGER tell BEFORE INSERT ON {}.notes FOR EACH ROW EXECUTE FUNCTION {}.tell()`)
    const note = async (key: string) => {
      await notebook.write(key, key, '')
      return Number((await notebook.list(key))[0]?.value)
    }
    return { store, note, change }
  }
  const acme = 'org_acme' as OrganizationId
  const draft = { at: '2026-01-05T10:00:00.000Z', changes: [] }

  test('are kept by a connection, unless that is not wanted', async () => {
    for (const [prepare, kept] of [
      [true, 1],
      [false, 0],
    ] as const) {
      const { store, note } = await oneConnection(`kept_${kept}`, { prepare })
      for (let n = 0; n < 3; n++) await store.revision(acme)
      expect(await note('count')).toBe(kept)
      await store.close()
    }
  })

  test('that are gone are done without, alone and within a transaction', async () => {
    const { store, note } = await oneConnection('gone')
    expect(await store.revision(acme)).toBe(0)
    expect(await note('forget')).toBe(1)
    const condition = { when: async () => true }
    expect(await store.append(acme, 0, [draft], condition)).toEqual({ kind: 'appended', revision: 1 })
    expect(await store.revision(acme)).toBe(1)
    expect(await store.commitsSince(acme, 0)).toHaveLength(1)
    expect(await note('count')).toBe(0)
    await store.close()
  })

  test('that yield what has changed since are done without', async () => {
    const { store, note, change } = await oneConnection('changed')
    await store.append(acme, 0, [draft])
    const before = await store.commitsSince(acme, 0)
    expect(await note('before')).toBeGreaterThan(0)
    await change('ALTER TABLE {}.commits ALTER COLUMN changes TYPE varchar')
    expect(await store.commitsSince(acme, 0)).toEqual(before)
    await store.append(acme, 1, [draft])
    expect(await store.commitsSince(acme, 0)).toHaveLength(2)
    await store.close()
  })

  test('are done without behind a pooler that loses them: nothing fails, and nothing is done twice', async () => {
    const proxy = await poolingProxy(database.connectionString)
    const store = postgres(proxy.connectionString, { schema: 'pooled', maxConnections: 4 })
    const nodes = [await openEngine({ store, model }), await openEngine({ store })]
    await Promise.all(nodes.map((node, n) => live(node, `node${n}`)))
    expect(proxy.exchanges()).toBeGreaterThan(20)
    for (const node of nodes) await node.close()
    await proxy.close()
  })
})
