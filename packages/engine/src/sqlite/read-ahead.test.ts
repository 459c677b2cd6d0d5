import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import { noHash } from '../chain/link-hash.js'
import { linksOf, verifyChain } from '../chain/verify-chain.js'
import { acme, contentOf, draft, member, put, stored } from '../store-contract/samples.js'
import { halfBytes } from './ahead-file.js'
import { nextFrame, sectorBytes } from './ahead-frames.js'
import { headBytes } from './ahead-head.js'
import { flipped } from './fixtures/flipped.js'
import { crashedCopy, openForTest, storeDirectory } from './fixtures/store-directory.js'
import { readAhead } from './read-ahead.js'
import { sqlite } from './sqlite.js'
import { locate } from './store-file.js'

const commits = 6
const start = { position: 0, hash: noHash }

let directory: ReturnType<typeof storeDirectory>
let path: string
let id: string
/** The file ahead of SQLite, with a row for each of six commits. */
let ahead: Buffer
/** Where each of them begins. */
let frames: readonly number[]

beforeEach(async () => {
  directory = storeDirectory()
  const live = directory.file('live.db')
  const store = await openForTest(sqlite(live))
  id = store.id
  for (let n = 0; n < commits; n++)
    await stored(store, acme, n, draft(put(member(`om_${n}`, { userId: 'u'.repeat(n * 300) }))))
  path = crashedCopy(live, directory.file('authz.db'))
  ahead = readFileSync(`${path}-ahead`)
  frames = Array.from({ length: commits }, (_, n) => frameOf(`om_${n}`))
})

/** Where the frame begins that speaks of a member. */
function frameOf(member: string): number {
  const at = ahead.indexOf(`"${member}"`)
  return at - (at % sectorBytes)
}

function rows(bytes: Buffer, end = start) {
  writeFileSync(`${path}-ahead`, bytes)
  return readAhead(locate(path), id, end)
}

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'store_damaged', message: expect.stringMatching(message) })

describe('what a crash has left ahead of SQLite', () => {
  test('is all there when the store is opened, wherever it is read, and belongs to it from then on', async () => {
    const store = await openForTest(sqlite(path))
    expect(await store.revision(acme)).toBe(commits)
    expect(await store.lastPosition()).toBe(commits)
    expect(await store.log({ after: 2, limit: 2 })).toMatchObject([{ position: 3 }, { position: 4 }])
    expect(await store.commitsSince(acme, 3)).toMatchObject([
      { revision: 4 },
      { revision: 5 },
      { revision: 6 },
    ])
    expect(await store.positionOf?.(acme, 5)).toBe(5)
    expect(await contentOf(store, acme)).toHaveLength(commits)
    expect(await store.find('membership', 'om_4')).toMatchObject({ shard: acme })
    expect(await store.lookup('membership_user', 'u'.repeat(300), { limit: 9 })).toMatchObject([
      { shard: acme },
    ])
    expect(await verifyChain(linksOf(store))).toMatchObject({ kind: 'whole', commits })
    await stored(store, acme, commits, draft(put(member('om_new'))))
    await store.close()
    expect(directory.files()).not.toContain('authz.db-ahead')
    const again = await openForTest(sqlite(path))
    expect(await verifyChain(linksOf(again))).toMatchObject({ kind: 'whole', commits: commits + 1 })
  })

  test('is there as well after a crash of whoever opened it, before and after the next write', async () => {
    const store = await openForTest(sqlite(path))
    const unwritten = await openForTest(sqlite(crashedCopy(path, directory.file('again.db'))))
    expect(await unwritten.revision(acme)).toBe(commits)
    await stored(store, acme, commits, draft())
    const written = await openForTest(sqlite(crashedCopy(path, directory.file('later.db'))))
    expect(await written.revision(acme)).toBe(commits + 1)
    expect(await verifyChain(linksOf(written))).toMatchObject({ kind: 'whole', commits: commits + 1 })
  })

  test('is what SQLite does not have yet: of the rest it has the first word', () => {
    const all = rows(ahead)
    expect(all.map(([position]) => position)).toEqual([1, 2, 3, 4, 5, 6])
    const [, , third] = all
    expect(rows(ahead, { position: 3, hash: third?.[4] ?? '' })).toEqual(all.slice(3))
    expect(rows(ahead, { position: 9, hash: noHash })).toEqual([])
  })

  test('may end in a row that is torn at any byte, and then in the one before', () => {
    const from = frames.at(-1) as number
    const end = ahead.lastIndexOf(']') + 1
    expect(end - from).toBeGreaterThan(3 * sectorBytes)
    for (let at = from; at < end; at += 7)
      for (const torn of [Buffer.from(ahead).fill(0, at), Buffer.from(ahead).fill(0, from, at + 1)])
        expect(rows(torn)).toHaveLength(commits - 1)
    expect(rows(Buffer.from(ahead).fill(0, nextFrame(end)))).toHaveLength(commits)
  })

  test('is refused where a row is damaged that others follow', () => {
    for (const [n, from] of frames.slice(0, -1).entries()) {
      const lacks = refused(new RegExp(`authz.db-ahead.* from position ${n + 1} `))
      for (const at of [0, 4, 8, 16, 24, 100]) expect(() => rows(flipped(ahead, from + at))).toThrow(lacks)
      expect(() => rows(flipped(ahead, from + 30))).toThrow(refused(/does not follow/))
    }
  })

  test('is refused in whole by who opens the store: with one bit that is another, and not without', async () => {
    writeFileSync(`${path}-ahead`, flipped(ahead, (frames[1] as number) + 100))
    const damaged = readFileSync(`${path}-ahead`)
    await expect(sqlite(path)()).rejects.toEqual(refused(/restore a backup/))
    expect(readFileSync(`${path}-ahead`)).toEqual(damaged)
    const whole = await openForTest(
      sqlite(crashedCopy(directory.file('live.db'), directory.file('whole.db'))),
    )
    expect(await whole.revision(acme)).toBe(commits)
  })

  test('stands in both halves, one following the other', () => {
    const second = headBytes + halfBytes
    const both = Buffer.concat([ahead, Buffer.alloc(second + halfBytes - ahead.length)])
    const third = frames[2] as number
    both.copy(both, second, third, headBytes + halfBytes)
    both.fill(0, third, second)
    expect(rows(both)).toEqual(rows(ahead))
    both.copy(both, second, (frames[3] as number) - third + second)
    expect(() => rows(both)).toThrow(refused(/position 3 up to 3/))
  })
})

describe('a file ahead that is not of this store', () => {
  test('is refused, and named: of another store, or of another moment', async () => {
    const other = await openForTest(sqlite(directory.file('other.db')))
    await stored(other, acme, 0, draft())
    const foreign = readFileSync(directory.file('other.db-ahead'))
    expect(() => rows(foreign)).toThrow(refused(/authz.db-ahead` is of the store .* and the one beside it/))
    // Another history from the beginning, under the same id.
    const [row] = rows(ahead)
    expect(() => rows(ahead, { position: 2, hash: row?.[4] ?? '' })).toThrow(
      refused(/does not follow .* position 3/),
    )
  })

  test('newer than an old copy of the store is refused, and older than the store it says nothing', async () => {
    const live = directory.file('life.db')
    const store = await sqlite(live)()
    await stored(store, acme, 0, draft(put(member('om_0'))))
    const early = crashedCopy(live, directory.file('early.db'))
    await store.close()
    const old = readFileSync(live)
    const reopened = await openForTest(sqlite(live))
    await stored(reopened, acme, 1, draft(put(member('om_1'))))
    // With a note it goes straight into SQLite, and so does what was ahead of it.
    await Promise.all([reopened.notebook(() => 0).write('b', 'k', 'v'), stored(reopened, acme, 2, draft())])
    await stored(reopened, acme, 3, draft())

    const mixed = crashedCopy(live, directory.file('mixed.db'))
    writeFileSync(mixed, old)
    rmSync(`${mixed}-wal`)
    await expect(sqlite(mixed)()).rejects.toEqual(refused(/from position 2 up to 3/))

    const behind = crashedCopy(live, directory.file('behind.db'))
    writeFileSync(`${behind}-ahead`, readFileSync(`${early}-ahead`))
    expect(await (await openForTest(sqlite(behind))).revision(acme)).toBe(3)
    const right = await openForTest(sqlite(crashedCopy(live, directory.file('right.db'))))
    expect(await right.revision(acme)).toBe(4)
  })
})

describe('the file itself', () => {
  test('may be missing, and may never have been finished: nothing was acknowledged from there', () => {
    rmSync(`${path}-ahead`)
    expect(readAhead(locate(path), id, start)).toEqual([])
    const unfinished = Buffer.from(ahead).fill(0, headBytes)
    for (const bytes of [0, sectorBytes, headBytes, headBytes + 5_000].map((end) =>
      unfinished.subarray(0, end),
    ))
      expect(rows(bytes)).toEqual([])
    expect(rows(Buffer.from(unfinished).fill(0, 0, headBytes))).toEqual([])
  })

  test('is refused where its head or its end is lost, with rows in it', () => {
    expect(() => rows(Buffer.from(ahead).fill(0, 0, headBytes))).toThrow(refused(/lost its head/))
    for (let at = 0; at < 20 + id.length; at++)
      expect(() => rows(flipped(ahead, at))).toThrow(refused(/head of .* is damaged/))
    expect(() => rows(ahead.subarray(0, ahead.length - 1))).toThrow(refused(/lost its end/))
  })
})
