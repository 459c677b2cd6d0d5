import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OrganizationId } from '@bailiwick/core'
import type { Store } from '@bailiwick/engine'
import { verifyStore } from '@bailiwick/engine/backup'
import { sqlite } from '@bailiwick/engine/sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { randomFrom, seed } from './random.js'
import { startWriter } from './start-writer.js'
import { commitNumber, membersAfter, shards } from './workload.js'

const cycles = Number(process.env.KILL_CYCLES ?? (process.env.RUNS === 'long' ? 100 : 10))
/** One store sees so many of them, and then another one. */
const cyclesPerStore = 20

describe(`kill -9 (FAULTS_SEED=${seed}, KILL_CYCLES=${cycles})`, () => {
  test('loses no acknowledged commit, and leaves none half', {
    timeout: 120_000 + cycles * 5_000,
  }, async () => {
    const random = randomFrom(seed)
    let path = ''
    let reached = 0
    for (let cycle = 0; cycle < cycles; cycle++) {
      if (cycle % cyclesPerStore === 0) path = storePath()
      const acknowledged = await writeAndKill(path, 1 + random(60))
      const store = await sqlite(path)()
      reached = await expectAll(store, acknowledged)
      await store.close()
      expect(readdirSync(join(path, '..')).sort()).toEqual(['authz.db', 'authz.db-lock', 'authz.db-reserve'])
    }
    console.log(`${cycles} kills, ${reached} commits, 0 lost`)
  })

  test('while a thread writes the tables loses nothing either', {
    timeout: 120_000 + cycles * 10_000,
  }, async () => {
    const random = randomFrom(seed)
    let reached = 0
    for (let cycle = 0; cycle < cycles / 2; cycle++) {
      const path = storePath()
      const acknowledged = await writeAndKill(path, 1_500 + random(2_000))
      // A thread shares the file, and memory for that: some of them died with one.
      if (existsSync(`${path}-shm`)) reached += 1
      const store = await sqlite(path)()
      await expectAll(store, acknowledged)
      await store.close()
      expect(readdirSync(join(path, '..')).sort()).toEqual(['authz.db', 'authz.db-lock', 'authz.db-reserve'])
    }
    expect(reached).toBeGreaterThan(0)
  })

  test('of an engine leaves what verifies, with all that was acknowledged', {
    timeout: 120_000 + cycles * 5_000,
  }, async () => {
    const random = randomFrom(seed)
    let path = ''
    let verified = 0
    for (let cycle = 0; cycle < cycles; cycle++) {
      if (cycle % cyclesPerStore === 0) path = storePath()
      const acknowledged = await writeAndKill(path, 1 + random(60), 'kill-engine')
      const store = await sqlite(path)()
      for (const [shard, revision] of acknowledged)
        expect(await store.revision(shard as OrganizationId)).toBeGreaterThanOrEqual(revision)
      const { faults, commits } = await verifyStore(store)
      expect(faults).toEqual([])
      verified += commits
      await store.close()
    }
    console.log(`${cycles} kills of an engine, ${verified} commits verified`)
  })

  test('during creation leaves a store or none, never half of one', async () => {
    const random = randomFrom(seed)
    for (let cycle = 0; cycle < 8; cycle++) {
      const path = storePath()
      const writer = startWriter('kill-me', path)
      await writer.until('opening')
      await new Promise((resolve) => setTimeout(resolve, random(12)))
      await writer.kill()
      const store = await sqlite(path)()
      expect(
        await store.append(shards[0], await store.revision(shards[0]), [{ at: '', changes: [] }]),
      ).toMatchObject({
        kind: 'appended',
      })
      await store.close()
    }
  })
})

describe('a second process', () => {
  test('is refused while the first has the store open, and not when the first was killed', async () => {
    const path = storePath()
    const writer = startWriter('kill-me', path)
    await writer.until('open')
    await expect(sqlite(path)()).rejects.toMatchObject({ name: 'StoreUnusable', code: 'store_locked' })
    await writer.kill()
    await (await sqlite(path)()).close()
  })

  test('is refused also when the first has copied its own database, which drops the locks on it', async () => {
    const path = storePath()
    const writer = startWriter('copy', path)
    await writer.until('copied')
    await expect(sqlite(path)()).rejects.toMatchObject({ code: 'store_locked' })
    await writer.kill()
    await (await sqlite(path)()).close()
  })
})

describe('a process that ends by itself, and does not close its store', () => {
  test.each([
    ['exit', 7],
    ['throw', 1],
  ] as const)('by %s: waits for the thread that writes the tables, and loses nothing', async (mode, code) => {
    const path = storePath()
    const writer = startWriter(mode, path)
    const acknowledged = new Map<string, number>()
    for (const line of await writer.rest()) {
      const [, shard, revision] = /^acknowledged (\S+) (\d+)$/.exec(line) ?? []
      if (shard !== undefined) acknowledged.set(shard, Number(revision))
    }
    expect(await writer.ended).toBe(code)
    const store = await sqlite(path)()
    expect(await expectAll(store, acknowledged)).toBeGreaterThan(0)
    await store.close()
  })
})

/** That a store holds what was acknowledged, and nothing that was not written. @returns how many commits. */
async function expectAll(store: Store, acknowledged: ReadonlyMap<string, number>): Promise<number> {
  let reached = 0
  for (const shard of shards) {
    const revision = await store.revision(shard)
    expect(revision).toBeGreaterThanOrEqual(acknowledged.get(shard) ?? 0)
    reached += revision
    const commits = await store.commitsSince(shard, 0)
    expect(commits).toEqual(
      Array.from({ length: revision }, (_, n) => ({ shard, revision: n + 1, ...commitNumber(shard, n + 1) })),
    )
    const entities = [...((await store.load(shard))?.entities ?? [])].map(({ entity }) => entity)
    expect(entities).toEqual(membersAfter(shard, revision))
  }
  return reached
}

/** The last revision of each shard that the writer reported before it was killed, after so many reports. */
async function writeAndKill(
  path: string,
  reports: number,
  mode: 'kill-me' | 'kill-engine' = 'kill-me',
): Promise<ReadonlyMap<string, number>> {
  const writer = startWriter(mode, path)
  await writer.until('open')
  const acknowledged = new Map<string, number>()
  const note = (line: string | undefined) => {
    const [, shard, revision] = /^acknowledged (\S+) (\d+)$/.exec(line ?? '') ?? []
    if (shard === undefined) throw new Error(`the writer ended by itself, or said: ${line}`)
    acknowledged.set(shard, Number(revision))
  }
  for (let report = 0; report < reports; report++) note(await writer.next())
  await writer.kill()
  // What it said before it died counts as well; a line that was cut short does not.
  for (const line of await writer.rest()) if (/^acknowledged \S+ \d+$/.test(line)) note(line)
  return acknowledged
}

function storePath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-faults-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return join(directory, 'authz.db')
}
