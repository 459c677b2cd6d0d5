import { existsSync, readFileSync, statSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { noHash } from '../chain/link-hash.js'
import { linksOf, verifyChain } from '../chain/verify-chain.js'
import type { Store } from '../store/store.js'
import { acme, contentOf, draft, member, put, stored } from '../store-contract/samples.js'
import { halfBytes } from './ahead-file.js'
import { headBytes } from './ahead-head.js'
import { AheadLog } from './ahead-log.js'
import { failingDisk } from './fixtures/failing-disk.js'
import { crashedCopy, openForTest, storeDirectory } from './fixtures/store-directory.js'
import { followingRow } from './log-rows.js'
import { openStore } from './open-store.js'
import { sqlite } from './sqlite.js'
import { locate } from './store-file.js'

let directory: ReturnType<typeof storeDirectory>
let path: string
let copies = 0
beforeEach(() => {
  directory = storeDirectory()
  path = directory.file('authz.db')
})

/** The store as it is found after a crash now. */
async function afterCrash(): Promise<Store> {
  copies += 1
  return openForTest(sqlite(crashedCopy(path, directory.file(`crashed-${copies}.db`))))
}

async function expectWhole(store: Store, commits: number): Promise<void> {
  expect(await store.revision(acme)).toBe(commits)
  expect(await verifyChain(linksOf(store))).toMatchObject({ kind: 'whole', commits })
  const log = await store.log({ after: 0, limit: 10_000 })
  expect(log.map(({ commit }) => commit.revision)).toEqual(Array.from({ length: commits }, (_, n) => n + 1))
}

/** One commit of so many bytes. */
function ofBytes(bytes: number) {
  return draft(put(member('om_long', { userId: 'u'.repeat(bytes) })))
}

const mebibyte = 1_048_576

describe('a row of the log', () => {
  test('is in the file ahead when it is acknowledged, and in SQLite when the store is closed', async () => {
    const store = await openForTest(sqlite(path))
    await stored(store, acme, 0, draft(put(member('om_ahead'))))
    expect(readFileSync(`${path}-ahead`).includes('om_ahead')).toBe(true)
    expect([path, `${path}-wal`].some((file) => readFileSync(file).includes('om_ahead'))).toBe(false)
    await expectWhole(await afterCrash(), 1)
    await store.close()
    expect(readFileSync(path).includes('om_ahead')).toBe(true)
    expect(existsSync(`${path}-ahead`)).toBe(false)
  })

  test('goes straight into SQLite where it is longer than a half, and others before and after it do not', async () => {
    const store = await openForTest(sqlite(path))
    await stored(store, acme, 0, draft(put(member('om_0'))))
    await stored(store, acme, 1, ofBytes(mebibyte))
    await stored(store, acme, 2, draft(put(member('om_2'))))
    await expectWhole(await afterCrash(), 3)
    expect(readFileSync(`${path}-ahead`).includes('om_long')).toBe(false)
    expect(readFileSync(`${path}-ahead`).includes('om_2')).toBe(true)
    await expectWhole(store, 3)
  })

  test('finds room where a half is full: the tables follow, and it is written over', async () => {
    // No number of entities makes them follow.
    const store = openStore(locate(path), { mostPending: 1_000_000 })
    const rows = 40
    for (let n = 0; n < rows; n++) {
      await stored(store, acme, n, ofBytes(mebibyte / 12 + n))
      if (n % 6 === 0) await expectWhole(await afterCrash(), n + 1)
    }
    expect(statSync(`${path}-ahead`).size).toBe(headBytes + halfBytes)
    await store.close()
    await expectWhole(await openForTest(sqlite(path)), rows)
  })

  test('of a text that is longer in bytes than in letters has room as well', async () => {
    const store = await openForTest(sqlite(path))
    const name = '🦊'.repeat(mebibyte / 5)
    for (let n = 0; n < 4; n++) await stored(store, acme, n, draft(put(member('om_1', { userId: name }))))
    await expectWhole(await afterCrash(), 4)
    expect(await contentOf(store, acme)).toEqual([member('om_1', { userId: name })])
  })
})

test('rows go on in the other half only while SQLite has all that stands there', () => {
  const ahead = new AheadLog(`${path}-ahead`, 'store', [])
  let end = { position: 0, hash: noHash }
  const add = () => {
    expect(ahead.hasRoomFor('[]')).toBe(true)
    const row = followingRow(end, 1, '[]')
    ahead.add(row)
    end = { position: row[0], hash: row[4] }
  }
  add()
  expect(ahead.turn()).toBe(true)
  add()
  expect(ahead.turn()).toBe(false)
  ahead.isStored(1)
  expect(ahead.turn()).toBe(true)
  ahead.remove()
})

describe('what fails', () => {
  test.each([
    ['a write', 'writeSync', 'EIO', 'before', 3, 'StoreUnavailable'],
    ['a write that was made', 'writeSync', 'EIO', 'after', 3, 'StoreUnavailable'],
    ['a write that finds no room', 'writeSync', 'ENOSPC', 'before', 3, 'StoreFull'],
    ['a flush', 'fdatasyncSync', 'EIO', 'before', 3, 'StoreUnavailable'],
    ['a flush that was made', 'fdatasyncSync', 'EIO', 'after', 3, 'StoreUnavailable'],
    ['the first flush', 'fdatasyncSync', 'EIO', 'before', 0, 'StoreUnavailable'],
    ['the first flush, which was made', 'fdatasyncSync', 'EIO', 'after', 0, 'StoreUnavailable'],
  ] as const)(
    'takes its group with it, and nothing before and after: %s',
    async (_, call, code, when, before, name) => {
      const disk = failingDisk(`${path}-ahead`)
      const store = await openForTest(sqlite(path))
      for (let n = 0; n < before; n++) await stored(store, acme, n, draft(put(member(`om_${n}`))))
      disk.fail(call, code, when)
      const lost = draft(put(member('om_lost', { userId: 'x'.repeat(900) })))
      await expect(store.append(acme, before, [lost])).rejects.toMatchObject({ name })
      expect(disk.failed).toEqual([call])
      // After a crash it may be found.
      expect([before, before + 1]).toContain(await (await afterCrash()).revision(acme))
      await expectWhole(store, before)
      expect(await store.find('membership', 'om_lost')).toBeUndefined()

      disk.heal()
      await stored(store, acme, before, draft(put(member('om_next'))))
      for (const each of [store, await afterCrash()]) {
        await expectWhole(each, before + 1)
        expect(await each.find('membership', 'om_lost')).toBeUndefined()
        expect(await each.find('membership', 'om_next')).toBeDefined()
      }
      expect(readFileSync(`${path}-ahead`).includes('om_lost')).toBe(false)
    },
  )

  test('is whole before it is acknowledged where the disk takes a part of a write at a time', async () => {
    const disk = failingDisk(`${path}-ahead`)
    const store = await openForTest(sqlite(path))
    for (let n = 0; n < 3; n++) {
      disk.takeAtMost(100)
      await stored(store, acme, n, draft(put(member(`om_${n}`))))
      await expectWhole(await afterCrash(), n + 1)
    }
  })

  test('goes on failing until the disk does not, and loses nothing of what was acknowledged', async () => {
    const disk = failingDisk(`${path}-ahead`)
    const store = await openForTest(sqlite(path))
    await stored(store, acme, 0, draft(put(member('om_0'))))
    disk.fail('fdatasyncSync', 'EIO')
    for (let n = 0; n < 3; n++)
      await expect(store.append(acme, 1, [draft()])).rejects.toMatchObject({ code: 'store_unavailable' })
    await expectWhole(store, 1)
    // Of the last one nobody knows. It is gone with the next write, whatever that is.
    expect([1, 2]).toContain(await (await afterCrash()).revision(acme))
    await store.notebook(() => 0).write('b', 'k', 'v')
    await expectWhole(await afterCrash(), 1)
    // Where the file cannot be made anew, there is SQLite.
    disk.fail('openSync', 'EIO')
    await stored(store, acme, 1, draft(put(member('om_1'))))
    await expectWhole(await afterCrash(), 2)
  })
})

describe('a file that cannot be made', () => {
  test.each(['openSync', 'writeSync', 'fsyncSync'] as const)(
    'takes nothing from the store: rows go straight into SQLite (%s)',
    async (call) => {
      const disk = failingDisk(`${path}-ahead`)
      disk.fail(call, 'EACCES')
      const store = await openForTest(sqlite(path))
      for (let n = 0; n < 3; n++) await stored(store, acme, n, draft(put(member(`om_${n}`))))
      expect(existsSync(`${path}-ahead`)).toBe(false)
      expect(disk.failed).toEqual([call])
      await expectWhole(await afterCrash(), 3)
      await expectWhole(store, 3)
    },
  )

  test('is tried again', async () => {
    const disk = failingDisk(`${path}-ahead`)
    disk.fail('openSync', 'EACCES')
    const store = await openForTest(sqlite(path))
    await stored(store, acme, 0, draft())
    disk.heal()
    let revision = 1
    for (; revision < 3_000 && !existsSync(`${path}-ahead`); revision++)
      await stored(store, acme, revision, draft())
    expect(disk.failed).toHaveLength(1)
    expect(existsSync(`${path}-ahead`)).toBe(true)
    await expectWhole(await afterCrash(), revision)
  })
})
