import { copyFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { acme, contentOf, draft, globex, member, put, stored } from '../store-contract/samples.js'
import { openForTest, storeDirectory, tamper } from './fixtures/store-directory.js'
import { schemaVersion } from './schema.js'
import { sqlite } from './sqlite.js'

/** A closed store: `acme` with two members, `globex` with one. */
async function closedStore() {
  const directory = storeDirectory()
  const path = directory.file('authz.db')
  const store = await sqlite(path)()
  await stored(store, acme, 0, draft(put(member('om_1'))))
  await stored(store, acme, 1, draft(put(member('om_2'))))
  await stored(store, globex, 0, draft(put(member('om_3'))))
  await store.notebook(() => 0).write('b', 'k', 'v')
  await store.close()
  return { directory, path }
}

describe('a file that is no store of ours', () => {
  test.each([
    ['a text', (path: string) => writeFileSync(path, 'id,role\n1,admin\n'.repeat(100))],
    ['a few bytes', (path: string) => writeFileSync(path, 'SQLite')],
    [
      'another database',
      (path: string) => tamper(path, 'CREATE TABLE users (id); INSERT INTO users VALUES (1)'),
    ],
    [
      'another database with a log',
      (path: string) => tamper(path, 'PRAGMA journal_mode = WAL; CREATE TABLE shards (shard, revision)'),
    ],
  ])('is refused and not touched: %s', async (_what, make) => {
    const directory = storeDirectory()
    const path = directory.file('authz.db')
    make(path)
    const [bytes, files] = [readFileSync(path), directory.files()]
    await expect(sqlite(path)()).rejects.toMatchObject({ name: 'StoreUnusable', code: 'store_foreign' })
    expect(readFileSync(path)).toEqual(bytes)
    expect(directory.files()).toEqual(files)
  })

  test('is refused also as a directory, and in the place of the lock', async () => {
    const directory = storeDirectory()
    mkdirSync(directory.file('authz.db'))
    await expect(sqlite(directory.file('authz.db'))()).rejects.toMatchObject({ code: 'store_foreign' })
    writeFileSync(directory.file('other.db-lock'), 'mine'.repeat(1_000))
    await expect(sqlite(directory.file('other.db'))()).rejects.toMatchObject({
      code: 'store_foreign',
      message: expect.stringContaining('other.db-lock'),
    })
    expect(readFileSync(directory.file('other.db-lock'), 'utf8')).toBe('mine'.repeat(1_000))
  })
})

describe('a file of a newer release', () => {
  test('is refused, and not touched', async () => {
    const { directory, path } = await closedStore()
    tamper(path, `PRAGMA user_version = ${schemaVersion + 1}`)
    for (const beside of ['lock', 'reserve']) rmSync(`${path}-${beside}`)
    const bytes = readFileSync(path)
    await expect(sqlite(path)()).rejects.toMatchObject({
      code: 'store_newer',
      message: expect.stringMatching(`schema ${schemaVersion + 1}.*upgrade`),
    })
    expect(readFileSync(path)).toEqual(bytes)
    expect(directory.files()).toEqual(['authz.db'])
    tamper(path, `PRAGMA user_version = ${schemaVersion}`)
    await openForTest(sqlite(path))
  })

  test('is refused also when only the log says so, which a crash has left', async () => {
    const { directory, path } = await closedStore()
    const crashed = directory.file('crashed.db')
    const copy = () => {
      for (const end of ['', '-wal']) copyFileSync(`${path}${end}`, `${crashed}${end}`)
    }
    const tool = new Database(path)
    tool.exec('PRAGMA journal_mode = WAL; UPDATE store SET applied = applied')
    copy()
    await (await sqlite(crashed)()).close()
    tool.exec(`PRAGMA user_version = ${schemaVersion + 1}`)
    copy()
    tool.close()
    await expect(sqlite(crashed)()).rejects.toMatchObject({ code: 'store_newer' })
  })
})

describe('a damaged file', () => {
  test.each([
    ['empty', (path: string) => truncateSync(path, 0)],
    ['cut within the header', (path: string) => truncateSync(path, 50)],
    ['cut behind the header', (path: string) => truncateSync(path, 4_096)],
    ['cut by its last byte', (path: string) => truncateSync(path, readFileSync(path).length - 1)],
    ['without a schema version', (path: string) => tamper(path, 'PRAGMA user_version = 0')],
    ['without a table', (path: string) => tamper(path, 'DROP TABLE entities')],
    ['without its id', (path: string) => tamper(path, 'DELETE FROM store')],
    ['with another id', (path: string) => tamper(path, "UPDATE store SET id = 'x' || id")],
    [
      'a shard ahead of its commits',
      (path: string) => tamper(path, "DELETE FROM log_shards WHERE shard = 'org_acme' AND revision = 2"),
    ],
    ['without its first commit', (path: string) => tamper(path, 'DELETE FROM log WHERE position = 1')],
    ['without its last commit', (path: string) => tamper(path, 'DELETE FROM log WHERE position = 3')],
    [
      'a commit at another position',
      (path: string) => tamper(path, 'UPDATE log SET position = 9 WHERE position = 3'),
    ],
    ['tables ahead of the log', (path: string) => tamper(path, 'UPDATE store SET applied = 9')],
    ['tables behind what they hold', (path: string) => tamper(path, 'UPDATE store SET applied = 1')],
    [
      'with a note that was changed',
      (path: string) => tamper(path, "UPDATE notes SET value = 'other' WHERE key = 'k'"),
    ],
    [
      'with a note under another key',
      (path: string) => tamper(path, "UPDATE notes SET key = 'other' WHERE key = 'k'"),
    ],
    [
      'a shard without commits',
      (path: string) => tamper(path, "DELETE FROM log_shards WHERE shard = 'org_acme'"),
    ],
    [
      'a shard behind its commits',
      (path: string) => tamper(path, 'UPDATE shards SET revision = revision - 1'),
    ],
  ])('is refused, never taken as empty or as less: %s', async (_what, damage) => {
    const { path } = await closedStore()
    damage(path)
    const bytes = readFileSync(path)
    // And again: a refusal lets go of the file, and leaves it as it was.
    for (const attempt of [sqlite(path), sqlite(path)]) {
      await expect(attempt()).rejects.toMatchObject({
        name: 'StoreUnusable',
        code: 'store_damaged',
        message: expect.stringContaining('restore a backup'),
      })
    }
    expect(readFileSync(path)).toEqual(bytes)
  })

  test.each(['wal', 'ahead', 'journal'])('is refused when it is missing and its %s is not', async (rest) => {
    const { directory, path } = await closedStore()
    rmSync(path)
    writeFileSync(`${path}-${rest}`, 'of the file that was here')
    await expect(sqlite(path)()).rejects.toMatchObject({
      code: 'store_damaged',
      message: expect.stringContaining(`${path}-${rest}`),
    })
    expect(directory.files()).not.toContain('authz.db')
    rmSync(`${path}-${rest}`)
    expect(await (await openForTest(sqlite(path))).load(acme)).toBeUndefined()
  })
})

describe('a damaged row', () => {
  test.each([
    ['changed', "UPDATE entities SET entity = replace(entity, 'active', 'ACTIVE') WHERE id = 'om_1'"],
    ['gone', "DELETE FROM entities WHERE id = 'om_1'"],
    ['of another kind', "UPDATE entities SET kind = 'resource' WHERE id = 'om_1'"],
    ['in another shard', "UPDATE entities SET shard = 'org_globex' WHERE id = 'om_1'"],
  ])('of an entity fails the load of its shard, and of no other: %s', async (_what, sql) => {
    const { path } = await closedStore()
    tamper(path, `${sql}; INSERT INTO shards VALUES ('org_intact', 1, 0)`)
    tamper(path, "INSERT INTO log_shards VALUES ('org_intact', 1, 3)")
    const store = await openForTest(sqlite(path))
    await expect(store.load(acme)).rejects.toMatchObject({ code: 'store_damaged' })
    expect(await store.load('org_intact' as typeof acme)).toMatchObject({ revision: 1 })
  })

  test('under another id fails find and scan', async () => {
    const { path } = await closedStore()
    tamper(path, "UPDATE entities SET id = 'om_9' WHERE id = 'om_1'")
    const store = await openForTest(sqlite(path))
    await expect(store.find('membership', 'om_9')).rejects.toMatchObject({ code: 'store_damaged' })
    await expect(store.scan('membership', { limit: 9 })).rejects.toMatchObject({ code: 'store_damaged' })
    expect(await store.find('membership', 'om_2')).toMatchObject({ shard: acme })
  })

  test.each([
    ['changed', "UPDATE log SET commits = replace(commits, 'put', 'PUT') WHERE position = 1"],
    ['redated', "UPDATE log SET commits = replace(commits, '2026', '2020') WHERE position = 1"],
    ['lost by its shard', "DELETE FROM log_shards WHERE shard = 'org_acme' AND revision = 1"],
  ])('of a commit fails whoever reads it, and not what comes after it: %s', async (_what, sql) => {
    const { path } = await closedStore()
    tamper(path, sql)
    const store = await openForTest(sqlite(path))
    await expect(store.commitsSince(acme, 0)).rejects.toMatchObject({ code: 'store_damaged' })
    expect(await store.commitsSince(acme, 1)).toMatchObject([{ revision: 2 }])
    expect(await contentOf(store, acme)).toHaveLength(2)
  })

  test.each([
    ['leads to another entity', "UPDATE lookups SET value = 'user of om_1' WHERE id = 'om_2'"],
    ['leads nowhere', "INSERT INTO lookups VALUES ('membership_user', 'user of om_1', 'om_9', 'membership')"],
  ])('of a look-up fails whoever looks up, and nobody else: %s', async (_what, sql) => {
    const { path } = await closedStore()
    tamper(path, sql)
    const store = await openForTest(sqlite(path))
    const lookup = (value: string) => store.lookup('membership_user', value, { limit: 9 })
    await expect(lookup('user of om_1')).rejects.toMatchObject({ code: 'store_damaged' })
    expect(await lookup('user of om_3')).toMatchObject([{ shard: globex }])
  })
})

describe('a note that somebody has changed', () => {
  test.each([
    ['in its bucket', "bucket = 'c'"],
    ['in when it expires', 'expires_at = 1'],
  ])('%s is damage, and never believed', async (_where, change) => {
    const { path } = await closedStore()
    await (await sqlite(path)()).close()
    tamper(path, `UPDATE notes SET ${change}`)
    await expect(sqlite(path)()).rejects.toMatchObject({ code: 'store_damaged' })
  })
})
