import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, relative } from 'node:path'
import type { ShardId } from '@bailiwick/core'
import Database from 'libsql'
import { describe, expect, test } from 'vitest'
import { acme, contentOf, draft, globex, member, put, stored } from '../store-contract/samples.js'
import { openForTest, storeDirectory } from './fixtures/store-directory.js'
import { sqlite } from './sqlite.js'

describe('the files of a SQLite store', () => {
  test('are one database, its lock and its reserve, with what was written lately beside them while it is open', async () => {
    const directory = storeDirectory()
    const store = await openForTest(sqlite(directory.file('authz.db')))
    await stored(store, acme, 0, draft(put(member('om_1'))))
    await store.notebook(() => 0).write('b', 'k', 'v')
    const whileOpen = ['authz.db', 'authz.db-ahead', 'authz.db-lock', 'authz.db-reserve', 'authz.db-wal']
    expect(directory.files()).toEqual(whileOpen)
    await store.close()
    expect(directory.files()).toEqual(['authz.db', 'authz.db-lock', 'authz.db-reserve'])
    expect(statSync(directory.file('authz.db-lock')).size).toBe(0)
  })

  test('lose what a crash has left of memory that connections shared', async () => {
    const directory = storeDirectory()
    const path = directory.file('authz.db')
    await (await openForTest(sqlite(path))).close()
    writeFileSync(`${path}-shm`, Buffer.alloc(32_768, 1))
    await openForTest(sqlite(path))
    expect(directory.files()).not.toContain('authz.db-shm')
  })

  test('are for their owner alone, as far as they hold anything', async () => {
    const path = storeDirectory().file('authz.db')
    const store = await openForTest(sqlite(path))
    await stored(store, acme, 0, draft(put(member('om_1'))))
    await store.notebook(() => 0).write('b', 'k', 'v')
    for (const end of ['', '-wal', '-ahead']) expect(statSync(`${path}${end}`).mode & 0o777).toBe(0o600)
  })

  test('can be moved together once the store is closed', async () => {
    const directory = storeDirectory()
    const store = await openForTest(sqlite(directory.file('authz.db')))
    await stored(store, acme, 0, draft(put(member('om_1'))))
    await store.close()
    copyFileSync(directory.file('authz.db'), directory.file('copy.db'))
    const copy = await openForTest(sqlite(directory.file('copy.db')))
    expect(copy.id).toBe(store.id)
    expect(await contentOf(copy, acme)).toEqual([member('om_1')])
  })

  test('may have any name: nothing in a path is a URI or a parameter', async () => {
    const directory = storeDirectory()
    for (const name of ['we?ird#%20.db', "o'hara.db", 'ünï🦊.db', 'file:x.db']) {
      const path = relative(process.cwd(), directory.path)
      const store = await openForTest(sqlite(`${path}/${name}`))
      await stored(store, acme, 0, draft(put(member('om_1'))))
      expect(directory.files()).toContain(name)
    }
  })

  test.each([':memory:', ''])('are never none: `%s` is refused, and points to the memory store', (path) => {
    expect(() => sqlite(path)).toThrow(expect.objectContaining({ name: 'Misconfigured' }))
    expect(() => sqlite(path)).toThrow(/memoryStore/)
  })

  test('need their directory: one that is missing is named, and not made', async () => {
    const directory = storeDirectory()
    const open = sqlite(directory.file('missing/authz.db'))
    await expect(open()).rejects.toMatchObject({
      name: 'Misconfigured',
      message: expect.stringContaining(directory.file('missing')),
    })
    mkdirSync(directory.file('missing'))
    await openForTest(open)
  })

  test('are left alone when creation was cut short: the half-made store is thrown away', async () => {
    const directory = storeDirectory()
    const half = new Database(directory.file('authz.db-new'))
    half.exec('CREATE TABLE shards (half_made TEXT)')
    half.close()
    const store = await openForTest(sqlite(directory.file('authz.db')))
    await stored(store, acme, 0, draft(put(member('om_1'))))
    expect(directory.files()).not.toContain('authz.db-new')
  })
})

describe('a SQLite store is open once', () => {
  test('also by another opener, by a relative path or by a link', async () => {
    const directory = storeDirectory()
    const path = directory.file('authz.db')
    const store = await openForTest(sqlite(path))
    symlinkSync(path, directory.file('link.db'))
    for (const same of [path, relative(process.cwd(), path), directory.file('link.db')]) {
      await expect(sqlite(same)()).rejects.toMatchObject({
        code: 'store_locked',
        message: expect.stringContaining(basename(path)),
      })
    }
    await stored(store, acme, 0, draft(put(member('om_1'))))
    await openForTest(sqlite(directory.file('other.db')))
  })

  test('opens at once in the process that closed it', async () => {
    const directory = storeDirectory()
    const open = sqlite(directory.file('authz.db'))
    for (let revision = 0; revision < 5; revision++) {
      const store = await open()
      await stored(store, acme, revision, draft(put(member('om_1'))))
      await contentOf(store, acme)
      await store.close()
    }
  })

  test('a tool of SQLite can neither read nor write beneath it, and locks it out while it writes', async () => {
    const directory = storeDirectory()
    const path = directory.file('authz.db')
    const store = await openForTest(sqlite(path))
    const tool = new Database(path)
    expect(() => tool.exec('DELETE FROM commits')).toThrow(/locked/)
    await store.close()
    tool.exec('BEGIN IMMEDIATE')
    await expect(sqlite(path)()).rejects.toMatchObject({ code: 'store_locked' })
    tool.exec('ROLLBACK')
    tool.close()
    await openForTest(sqlite(path))
  })
})

describe('group commit', () => {
  test('appends issued in one turn share one row of the log, and each is answered', async () => {
    const store = await openForTest(sqlite(storeDirectory().file('authz.db')))
    const results = await Promise.all([
      ...Array.from({ length: 50 }, (_, n) => store.append(acme, n, [draft(put(member(`om_${n}`)))])),
      store.append(globex, 0, [draft(put(member('om_0')))]),
    ])
    expect(results.map(({ kind }) => kind)).toEqual([...Array(50).fill('appended'), 'taken'])
    await stored(store, acme, 50, draft(put(member('om_50'))))
    const rows = await store.links({ after: 0, limit: 9 })
    expect(rows.map(({ first, position }) => [first, position])).toEqual([
      [1, 50],
      [51, 51],
    ])
  })

  test('an append and a note of one turn share one transaction, in the order of asking', async () => {
    const path = storeDirectory().file('authz.db')
    const store = await openForTest(sqlite(path))
    await stored(store, acme, 0, draft(put(member('om_1'))))
    const notes = store.notebook(() => 0)
    const before = transactionsIn(`${path}-wal`)
    const [isNew] = await Promise.all([
      notes.insert('claims', 'k', 'claimed'),
      store.append(acme, 1, [draft(put(member('om_2')))]),
    ])
    expect(isNew).toBe(true)
    expect(transactionsIn(`${path}-wal`)).toBe(before + 1)
    expect(await store.log({ after: 0, limit: 9 })).toHaveLength(2)
  })

  test('writers who write again when they are answered share each next transaction, and others have their turn', async () => {
    const store = await openForTest(sqlite(storeDirectory().file('authz.db')))
    let turns = 0
    const others = () => {
      turns += 1
      if (turns < 10) setImmediate(others)
    }
    others()
    const writer = async (shard: ShardId) => {
      let revision = 0
      for (; turns < 10; revision++) await store.append(shard, revision, [draft()])
      return revision
    }
    const reached = await Promise.all([acme, globex, 'org_third' as ShardId].map(writer))
    const rows = await store.links({ after: 0, limit: await store.lastPosition() })
    expect(rows).toHaveLength(Math.max(...reached))
    expect(Math.min(...reached)).toBeGreaterThanOrEqual(Math.max(...reached) - 1)
  })

  test('more appends than one group holds are all stored', async () => {
    const store = await openForTest(sqlite(storeDirectory().file('authz.db')))
    const appends = Array.from({ length: 1_000 }, (_, n) => store.append(acme, n, [draft()]))
    const last = (await Promise.all(appends)).at(-1)
    expect(last).toEqual({ kind: 'appended', revision: 1_000 })
  })
})

/** A frame of the log that ends a transaction names the size of the database. */
function transactionsIn(log: string): number {
  const bytes = existsSync(log) ? readFileSync(log) : Buffer.alloc(0)
  let transactions = 0
  for (let at = 32; at < bytes.length; at += 24 + 4_096) if (bytes.readUInt32BE(at + 4) > 0) transactions++
  return transactions
}
