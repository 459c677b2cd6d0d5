import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'libsql'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import {
  acme,
  contentOf,
  draft,
  globex,
  member,
  organization,
  put,
  stored,
} from '../store-contract/samples.js'
import { firstReleaseFile } from './fixtures/first-release.js'
import { crashedCopy, openForTest, storeDirectory } from './fixtures/store-directory.js'
import { schemaVersion } from './schema.js'
import { sqlite } from './sqlite.js'

describe('a file of the first release', () => {
  let path: string
  beforeEach(() => {
    path = storeDirectory().file('authz.db')
    firstReleaseFile(path)
  })

  test('opens, once and for all brought up to date', async () => {
    const store = await sqlite(path)()
    expect(store.id).toBe('01STORE')
    await store.close()
    const tool = new Database(path)
    onTestFinished(() => void tool.close())
    expect(tool.prepare('PRAGMA user_version').raw().get()).toEqual([schemaVersion])
    await openForTest(sqlite(path))
  })

  test('opens also after a crash while it was brought up to date, with what is to be taken back beside it', async () => {
    const before = readFileSync(path)
    const tool = new Database(path)
    // More than the cache holds: the journal is complete before any page is written.
    tool.exec('PRAGMA cache_size = 1; BEGIN; CREATE TABLE log (commits TEXT)')
    for (let n = 0; n < 50; n++) tool.exec(`INSERT INTO log VALUES ('${'x'.repeat(4_000)}')`)
    const journal = readFileSync(`${path}-journal`)
    tool.exec('COMMIT')
    tool.close()
    // Only the first page came to the disk, which says how many there are.
    writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 4_096), before.subarray(4_096)]))
    await expect(sqlite(path)()).rejects.toMatchObject({ code: 'store_damaged' })
    writeFileSync(`${path}-journal`, journal)
    expect(await (await openForTest(sqlite(path))).lastPosition()).toBe(5)
  })

  test('has its commits in one order: by time, and within a shard as they came', async () => {
    const store = await openForTest(sqlite(path))
    const log = await store.log({ after: 0, limit: 9 })
    expect(log.map(({ position, commit }) => [position, commit.shard, commit.revision])).toEqual([
      [1, 'environment', 1],
      [2, globex, 1],
      [3, acme, 1],
      [4, acme, 2],
      [5, globex, 2],
    ])
    await stored(store, acme, 2, draft())
    expect(await store.lastPosition()).toBe(6)
  })

  test('finds what it holds by its look-ups, and keeps what is unique', async () => {
    const store = await openForTest(sqlite(path))
    const found = await store.lookup('membership_user', 'ada', { limit: 9 })
    expect(found.map(({ shard, entity }) => [shard, entity.id])).toEqual([
      [acme, 'om_1'],
      [globex, 'om_2'],
    ])
    expect(await store.lookup('organization_external_id', 'acme-1', { limit: 9 })).toHaveLength(1)
    const taken = [draft(put(organization(globex, { externalId: 'acme-1' })))] as const
    expect(await store.append(globex, 2, taken)).toMatchObject({ kind: 'taken' })
  })

  test('has organizations without domains and metadata, wherever they are read', async () => {
    const store = await openForTest(sqlite(path))
    const none = { domains: [], metadata: {} }
    expect((await store.find('organization', acme))?.entity).toMatchObject({ externalId: 'acme-1', ...none })
    expect((await store.commitsSince(acme, 0))[0]?.changes).toMatchObject([{ entity: none }])
    expect(await contentOf(store, globex)).toMatchObject([
      { kind: 'membership', entity: member('om_2', { userId: 'ada' }).entity },
      { kind: 'organization', entity: none },
    ])
  })
})

describe('a file of this release', () => {
  test('is newer to those before, as soon as it is open: they know nothing of the file ahead', async () => {
    const directory = storeDirectory()
    const path = directory.file('authz.db')
    const store = await openForTest(sqlite(path))
    await stored(store, acme, 0, draft(put(member('om_1'))))
    expect(directory.files()).toContain('authz.db-ahead')
    // The version in the header, of which those releases knew the first three.
    expect(readFileSync(path).readUInt32BE(60)).toBeGreaterThan(3)
  })

  test('is what a file of the release before becomes, with all that a crash has left of that', async () => {
    const directory = storeDirectory()
    const path = directory.file('authz.db')
    const store = await sqlite(path)()
    await stored(store, acme, 0, draft(put(member('om_1'))))
    await store.close()
    // Its rows went straight into SQLite, and its tables were behind.
    const before = new Database(path)
    before.exec('PRAGMA user_version = 3; PRAGMA journal_mode = WAL; UPDATE store SET applied = 0')
    before.exec('DELETE FROM entities; DELETE FROM log_shards; DELETE FROM shards; DELETE FROM lookups')
    const crashed = await openForTest(sqlite(crashedCopy(path, directory.file('crashed.db'))))
    before.close()
    expect(await contentOf(crashed, acme)).toEqual([member('om_1')])
    await stored(crashed, acme, 1, draft(put(member('om_2'))))
    const again = await openForTest(
      sqlite(crashedCopy(directory.file('crashed.db'), directory.file('again.db'))),
    )
    expect(await contentOf(again, acme)).toEqual([member('om_1'), member('om_2')])
  })
})
