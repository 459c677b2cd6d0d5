import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { flipped } from './fixtures/flipped.js'
import { openForTest, storeDirectory } from './fixtures/store-directory.js'
import { sqlite } from './sqlite.js'

/** What a crash leaves after some transactions of SQLite, a note each: the database, and the log that holds them. */
async function crashedStore(transactions = 10) {
  const directory = storeDirectory()
  const live = directory.file('live.db')
  const store = await openForTest(sqlite(live))
  const notes = store.notebook(() => 0)
  for (let n = 0; n < transactions; n++) await notes.write('b', `${n}`, 'v')
  const path = directory.file('authz.db')
  copyFileSync(live, path)
  copyFileSync(`${live}-wal`, `${path}-wal`)
  const log = readFileSync(`${path}-wal`)
  /** Where the frames of each transaction begin, and the last one ends. */
  const bounds = [header]
  for (let at = header; at < log.length; at += frame) {
    if (log.readUInt32BE(at + 4) > 0) bounds.push(at + frame)
  }
  return { path, log, bounds, rewriteLog: (bytes: Uint8Array) => writeFileSync(`${path}-wal`, bytes) }
}

const header = 32
const frame = 24 + 4_096

async function notesAfterOpening(path: string): Promise<number> {
  const store = await openForTest(sqlite(path))
  return (await store.notebook(() => 0).list('b')).length
}

describe('the write-ahead log that a crash leaves', () => {
  test('is played to its end', async () => {
    const { path } = await crashedStore()
    expect(await notesAfterOpening(path)).toBe(10)
  })

  test('loses nothing that was acknowledged when its last transaction is torn: that one never was', async () => {
    const { path, log, bounds, rewriteLog } = await crashedStore()
    rewriteLog(log.subarray(0, (bounds[10] as number) - 1))
    expect(await notesAfterOpening(path)).toBe(9)
  })

  test('may end in one torn transaction, of which a sector never reached the disk', async () => {
    // The header of frame 41 lies in two sectors, and the first may be an earlier log's, in which a transaction ended.
    const torn = await crashedStore(50)
    torn.rewriteLog(tornFrom(torn.log, 40))
    const before = torn.bounds.filter((bound) => bound > header && bound <= header + 40 * frame)
    expect(await notesAfterOpening(torn.path)).toBe(before.length)
    // In one sector, whole or not at all, it is no remains: a transaction did end there. So it is where only its
    // checksum lies in the next one.
    for (const number of [41, 61]) {
      const lost = await crashedStore(70)
      lost.rewriteLog(tornFrom(lost.log, number))
      await expect(sqlite(lost.path)()).rejects.toMatchObject({ code: 'store_damaged' })
    }
  })

  test('may end in the remains of an earlier log', async () => {
    const { path, log, rewriteLog } = await crashedStore()
    const remains = Buffer.from(log.subarray(header))
    for (let at = 0; at < remains.length; at += frame) remains.writeUInt32BE(7, at + 8)
    rewriteLog(Buffer.concat([log, remains]))
    expect(await notesAfterOpening(path)).toBe(10)
  })

  test.each([0, 1, 5, 8])(
    'is refused when transaction %i is damaged and others stand behind it',
    async (damaged) => {
      const { path, log, bounds, rewriteLog } = await crashedStore()
      rewriteLog(flipped(log, (bounds[damaged] as number) + 24 + 100))
      await expect(sqlite(path)()).rejects.toMatchObject({ code: 'store_damaged', message: /log/ })
      // The same file with its log whole.
      rewriteLog(log)
      expect(await notesAfterOpening(path)).toBe(10)
    },
  )

  test.each([0, 4, 8, 12, 16, 20])(
    'is refused when byte %i of the header of a frame is damaged',
    async (at) => {
      const { path, log, bounds, rewriteLog } = await crashedStore()
      rewriteLog(flipped(log, (bounds[5] as number) + at))
      await expect(sqlite(path)()).rejects.toMatchObject({ code: 'store_damaged', message: /log/ })
    },
  )

  test('is refused with a damaged header when anything stands behind that', async () => {
    const { path, log, rewriteLog } = await crashedStore()
    rewriteLog(flipped(log, 17).subarray(0, header + 1))
    await expect(sqlite(path)()).rejects.toMatchObject({ code: 'store_damaged' })
    rewriteLog(flipped(log, 17).subarray(0, header))
    expect(await notesAfterOpening(path)).toBe(0)
  })

  test.each([0, 10, 17, 28])('is refused when byte %i of its header is damaged', async (at) => {
    const { path, log, rewriteLog } = await crashedStore()
    rewriteLog(flipped(log, at))
    await expect(sqlite(path)()).rejects.toMatchObject({
      code: 'store_damaged',
      message: /header of the log/,
    })
  })
})

/** The log ends with three frames, of which the first ends no transaction, and has a checksum that does not hold. */
function tornFrom(log: Buffer, number: number): Buffer {
  const copy = Buffer.from(log.subarray(0, header + (number + 3) * frame))
  copy.writeUInt32BE(0, header + number * frame + 4)
  return copy
}
