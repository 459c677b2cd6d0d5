import { readFileSync, writeFileSync } from 'node:fs'
import Database from 'libsql'
import { beforeEach, expect, test } from 'vitest'
import { linksOf, verifyChain } from '../chain/verify-chain.js'
import { acme, draft, member, put, stored } from '../store-contract/samples.js'
import { decodeFrames, encodeFrame, sectorBytes } from './ahead-frames.js'
import { firstReleaseFile } from './fixtures/first-release.js'
import { flipped } from './fixtures/flipped.js'
import { crashedCopy, openForTest, storeDirectory } from './fixtures/store-directory.js'
import { logChecksum, type WrittenRow } from './log-rows.js'
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
  for (let n = 0; n < 3; n++) {
    // With a note a commit goes straight into SQLite.
    const note = live.notebook(() => 0).write('b', `${n}`, 'v')
    await Promise.all([note, stored(live, acme, n, draft(put(member(`om_${n}`))))])
  }
  for (let n = 3; n < 5; n++) await stored(live, acme, n, draft(put(member(`om_${n}`))))
  for (const end of ['-wal', '-ahead'] as const) {
    const damaged = crashedCopy(`${path}-live`, `${path}-without${end}`)
    const bytes = flipped(readFileSync(`${damaged}${end}`), 10)
    writeFileSync(`${damaged}${end}`, bytes)
    await expect(verifyChain(readLinks(damaged))).rejects.toMatchObject({
      code: 'store_damaged',
      message: expect.stringContaining(end),
    })
    expect(readFileSync(`${damaged}${end}`)).toEqual(bytes)
  }
  const whole = crashedCopy(`${path}-live`, path)
  expect(await verifyChain(readLinks(whole))).toMatchObject({ kind: 'whole', commits: 5 })
})

test('a row ahead that is damaged is missed, and so is one that was changed with its checksum', async () => {
  const live = await openForTest(sqlite(`${path}-live`))
  for (let n = 0; n < 3; n++) await stored(live, acme, n, draft(put(member(`om_${n}`))))
  const ahead = readFileSync(`${path}-live-ahead`)
  const at = ahead.indexOf('"om_1"')
  const damaged = crashedCopy(`${path}-live`, `${path}-damaged`)
  writeFileSync(`${damaged}-ahead`, flipped(ahead, at))
  expect(await verifyChain(readLinks(damaged))).toEqual({ kind: 'broken', position: 2, how: 'missing' })
  const frame = ahead.subarray(at - (at % sectorBytes))
  const [[position, first, json, , hash]] = decodeFrames(frame) as readonly [WrittenRow]
  const other = json.replaceAll('om_1', 'om_9')
  encodeFrame(frame, [position, first, other, logChecksum(position, first, other), hash])
  const changed = crashedCopy(`${path}-live`, path)
  writeFileSync(`${changed}-ahead`, ahead)
  expect(await verifyChain(readLinks(changed))).toEqual({ kind: 'broken', position: 2, how: 'changed' })
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
