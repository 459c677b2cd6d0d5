import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import Database from 'libsql'
import { beforeEach, expect, test } from 'vitest'
import { linksOf, verifyChain } from '../chain/verify-chain.js'
import { acme, draft, member, put, stored } from '../store-contract/samples.js'
import { firstReleaseFile } from './fixtures/first-release.js'
import { openForTest, storeDirectory } from './fixtures/store-directory.js'
import { readLinks } from './read-links.js'
import { sqlite } from './sqlite.js'

let path: string
beforeEach(() => {
  path = storeDirectory().file('authz.db')
})

/** Three rows of the log, and the last hash. */
async function written(): Promise<string> {
  const store = await sqlite(path)()
  for (let n = 0; n < 3; n++) await stored(store, acme, n, draft(put(member(`om_${n}`))))
  await store.close()
  const verdict = await verifyChain(readLinks(path))
  if (verdict.kind !== 'whole' || verdict.head === undefined) throw new Error(JSON.stringify(verdict))
  return verdict.head
}

function change(statement: string): void {
  const tool = new Database(path)
  tool.exec(statement)
  tool.close()
}

test('a file is verified while nobody has it open, and opens afterwards', async () => {
  const head = await written()
  expect(await verifyChain(readLinks(path), { head })).toMatchObject({ kind: 'whole', commits: 3 })
  const store = await openForTest(sqlite(path))
  await expect(verifyChain(readLinks(path))).rejects.toMatchObject({ code: 'store_locked' })
  expect(await verifyChain(linksOf(store))).toMatchObject({ head })
})

test('one letter that was changed by SQL is found, wherever it stands', async () => {
  await written()
  change("UPDATE log SET commits = replace(commits, 'om_1', 'om_9') WHERE position = 2")
  expect(await verifyChain(readLinks(path))).toEqual({ kind: 'broken', position: 2, how: 'changed' })
})

test('a row that was deleted by SQL is found; one at the end by who kept the head', async () => {
  const head = await written()
  change('DELETE FROM log WHERE position = 3')
  expect(await verifyChain(readLinks(path))).toMatchObject({ kind: 'whole', commits: 2 })
  expect(await verifyChain(readLinks(path), { head })).toEqual({ kind: 'head_missing', commits: 2 })
  change('DELETE FROM log WHERE position = 1')
  expect(await verifyChain(readLinks(path))).toEqual({ kind: 'broken', position: 1, how: 'missing' })
})

test('what a crash has left is read with the file, and refused where it is damaged: nothing of it is lost', async () => {
  const live = await openForTest(sqlite(`${path}-live`))
  for (let n = 0; n < 3; n++) await stored(live, acme, n, draft(put(member(`om_${n}`))))
  for (const end of ['', '-wal']) copyFileSync(`${path}-live${end}`, `${path}${end}`)
  const log = readFileSync(`${path}-wal`)
  const damaged = Buffer.from(log)
  damaged.writeUInt8(damaged.readUInt8(100) ^ 1, 100)
  writeFileSync(`${path}-wal`, damaged)
  await expect(verifyChain(readLinks(path))).rejects.toMatchObject({ code: 'store_damaged', message: /log/ })
  expect(readFileSync(`${path}-wal`)).toEqual(damaged)
  writeFileSync(`${path}-wal`, log)
  expect(await verifyChain(readLinks(path))).toMatchObject({ kind: 'whole', commits: 3 })
})

test('the chain of an older file begins with the first commit of this release', async () => {
  firstReleaseFile(path)
  const store = await openForTest(sqlite(path))
  expect(await verifyChain(linksOf(store))).toEqual({
    kind: 'whole',
    commits: 0,
    since: 6,
    head: undefined,
  })
  await stored(store, acme, 2, draft())
  expect(await verifyChain(linksOf(store))).toMatchObject({ kind: 'whole', commits: 1, since: 6 })
})
