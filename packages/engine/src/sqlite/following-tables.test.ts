import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Worker } from 'node:worker_threads'
import Database from 'libsql'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Random } from '../lists/fixtures/random.js'
import type { Store } from '../store/store.js'
import { acme, contentOf, draft, member, put, stored } from '../store-contract/samples.js'
import { openBoth } from './fixtures/beside-memory.js'
import { crashedCopyBesideThread, openForTest, storeDirectory } from './fixtures/store-directory.js'
import { threadAtOnce } from './fixtures/thread-at-once.js'
import type { Pace } from './following-tables.js'
import { openStore } from './open-store.js'
import { locate } from './store-file.js'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000_000))

describe(`a store whose tables are written by a thread (seed ${seed}; SEED=${seed} draws the same)`, () => {
  test('says at any moment of that what a store in memory says', async () => {
    const random = new Random(seed)
    const met = { 'on its way': 0, 'in the tables, and in memory': 0, 'in the tables alone': 0 }
    for (const mostPending of [1, 2, 5, 8]) {
      const both = await openBoth(mostPending, random)
      const tables = tablesOf(both.path)
      for (let round = 0; round < 10; round++) {
        // The first batch makes the file one that can be looked at.
        if (round > 0) tables.hold()
        const begun = both.given
        while (both.given === begun) await both.append()
        const { given } = both
        for (let more = random.between(0, mostPending); more > 0 && both.fresh < mostPending; more--) {
          if (round > 0) {
            await both.compare()
            await both.compareWhatACrashLeaves()
            met['on its way'] += 1
          }
          await both.append()
        }
        if (round > 0) tables.letGo()
        await expect.poll(tables.reached).toBe(given)
        await both.compare()
        await both.compareWhatACrashLeaves()
        met['in the tables, and in memory'] += 1
        // Before it is refused, it is asked what the thread has done.
        await both.refused()
        await both.compare()
        met['in the tables alone'] += 1
        if (both.given !== given) await expect.poll(tables.reached).toBe(both.given)
      }
      tables.close()
      await both.reopen()
      await both.compare()
    }
    expect(Math.min(...Object.values(met)), JSON.stringify(met)).toBeGreaterThan(25)
  })
})

describe('a thread of which nothing comes changes nothing:', () => {
  const dying = `import { parentPort, workerData } from 'node:worker_threads'
    Atomics.add(workerData.ended, 0, 1)
    parentPort.on('message', () => { throw new Error('no') })`
  const giving = `import { parentPort, workerData } from 'node:worker_threads'
    Atomics.add(workerData.ended, 0, 1)
    parentPort.on('message', (batch) => batch === 'end' ? parentPort.close() : Atomics.add(workerData.ended, 0, 1))`
  test.each([
    ['one that is not there', new URL('file:///nowhere/tables-worker.js')],
    ['one that dies with each batch', scriptOf(dying)],
    ['one that says it has written what it has not', scriptOf(giving)],
  ])('%s', async (_, threadScript) => {
    const random = new Random(seed)
    const both = await openBoth(3, random, { threadScript })
    for (let n = 0; n < 40; n++) {
      await both.append()
      await both.compare()
      await both.compareWhatACrashLeaves()
      await new Promise((resolve) => setImmediate(resolve))
    }
    await both.reopen()
    await both.compare()
  })
})

describe('a thread is started', () => {
  /** How many were, while a store was given forty commits of one member each. */
  async function started(pace: Partial<Pace>, script = '') {
    const directory = storeDirectory()
    const starts = directory.file('starts')
    const threadScript = scriptOf(`
      import { appendFileSync } from 'node:fs'
      import { parentPort, workerData } from 'node:worker_threads'
      appendFileSync('${starts}', '.')
      const tell = (ended) => (Atomics.store(workerData.ended, 0, ended), Atomics.notify(workerData.ended, 0))
      parentPort.on('message', (batch) => batch === 'end' && parentPort.close())
      ${script}`)
    const where = locate(directory.file('authz.db'))
    const store = openStore(where, { ...threadAtOnce, mostPending: 4, threadScript, ...pace })
    for (let n = 0; n < 40; n++) {
      await stored(store, acme, n, draft(put(member(`om_${n}`))))
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await contentOf(store, acme)).toHaveLength(40)
    await store.close()
    return existsSync(starts) ? readFileSync(starts).length : 0
  }
  const running = "parentPort.on('message', () => tell(Atomics.load(workerData.ended, 0) + 1)); tell(1)"
  const dying = "parentPort.on('message', () => { tell(2 ** 30); process.exit() }); tell(1)"

  test('for batches of so many commits, and not of fewer', async () => {
    expect(await started({ threadCommits: 4 }, running)).toBe(1)
    expect(await started({ threadCommits: 5 }, running)).toBe(0)
  })

  test('when two are due within so many milliseconds, and not when they never are', async () => {
    expect(await started({ threadWithinMs: 60_000 }, running)).toBe(1)
    expect(await started({ threadWithinMs: -1 }, running)).toBe(0)
  })

  test('three times at most where it does not live', async () => {
    expect(await started({}, dying)).toBe(3)
  })

  test('once where it never comes up', async () => {
    expect(await started({}, 'process.exit()')).toBe(1)
  })
})

test('where connections cannot share memory the store goes on without a thread, as it was', async () => {
  const random = new Random(seed)
  const both = await openBoth(3, random)
  await both.append()
  // In the way of the file that they would share it in.
  mkdirSync(`${both.path}-shm`)
  for (let n = 0; n < 20; n++) await both.append()
  await both.compare()
  // Nobody else gets in, as before.
  const other = new Database(both.path)
  expect(() => other.exec('UPDATE store SET applied = 0')).toThrow('locked')
  other.close()
  rmdirSync(`${both.path}-shm`)
  await both.compareWhatACrashLeaves()
  await both.reopen()
  await both.compare()
})

test('notes are written beside it, and commits that share their transaction', async () => {
  const path = storeDirectory().file('authz.db')
  const opened = () => openStore(locate(path), { ...threadAtOnce, mostPending: 2 })
  let store = opened()
  for (let n = 0; n < 60; n++) {
    const append = stored(store, acme, n, draft(put(member(`om_${n}`))))
    const notebook = store.notebook(() => 0)
    // Commits with a note in their turn, and without, so that some find a batch under way.
    await Promise.all(n % 3 === 0 ? [append, notebook.write('any', `${n}`, 'here')] : [append])
  }
  await store.close()
  store = opened()
  onTestFinished(() => store.close())
  expect(await contentOf(store, acme)).toHaveLength(60)
  expect(await store.commitsSince(acme, 0)).toHaveLength(60)
  expect(await store.notebook(() => 0).list('any')).toHaveLength(20)
})

test('two stores of one process have a thread each, and one goes on when the other is closed', async () => {
  const directory = storeDirectory()
  const paths = ['one.db', 'two.db'].map((name) => directory.file(name))
  const stores = paths.map((path) => openStore(locate(path), { ...threadAtOnce, mostPending: 3 })) as [
    Store,
    Store,
  ]
  const write = (store: Store, n: number) => stored(store, acme, n, draft(put(member(`om_${n}`))))
  for (let n = 0; n < 20; n++) await Promise.all(stores.map((store) => write(store, n)))
  await stores[0].close()
  for (let n = 20; n < 40; n++) await write(stores[1], n)
  await stores[1].close()
  for (const [n, path] of paths.entries()) {
    const reopened = await openForTest(async () => openStore(locate(path)))
    expect(await contentOf(reopened, acme)).toHaveLength(20 * (n + 1))
  }
})

test('what is not in the tables in time holds up those who write, and nothing is written over it', async () => {
  const path = storeDirectory().file('authz.db')
  const store = await openForTest(async () => openStore(locate(path), { ...threadAtOnce, mostPending: 3 }))
  let written = 0
  const write = async () => {
    written = await stored(store, acme, written, draft(put(member(`om_${written}`))))
  }
  for (let n = 0; n < 4; n++) await write()
  const { isHeld, letGo } = holdElsewhere(path)
  await isHeld
  // Three more are on their way with the last of these. To give the thread the next ones must wait.
  for (let n = 0; n < 3; n++) await write()
  letGo(100)
  for (let n = 0; n < 12; n++) {
    await write()
    const left = openStore(locate(crashedCopyBesideThread(path, storeDirectory().file('authz.db'))))
    expect(await left.lastPosition()).toBe(written)
    await left.close()
  }
})

/**
 * Somebody on another thread who keeps everybody else from writing, from when the tables have something until some
 * milliseconds after being told to let go.
 */
function holdElsewhere(path: string) {
  const worker = new Worker(
    scriptOf(`
      import { parentPort, workerData } from 'node:worker_threads'
      import Database from '${import.meta.resolve('libsql')}'
      const sql = new Database(workerData)
      sql.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE')
      while (sql.prepare('SELECT applied FROM store').raw().get()[0] === 0) sql.exec('COMMIT; BEGIN IMMEDIATE')
      parentPort.postMessage('held')
      parentPort.once('message', (ms) => setTimeout(() => sql.exec('COMMIT'), ms))`),
    { workerData: path },
  )
  return {
    isHeld: new Promise((resolve) => worker.once('message', resolve)),
    letGo: (ms: number) => worker.postMessage(ms),
  }
}

function scriptOf(text: string): URL {
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`)
}

/** Somebody else who has the file open: sees how far the tables are, and can keep the thread from writing. */
function tablesOf(path: string) {
  let sql: Database.Database | undefined
  const opened = () => {
    sql ??= new Database(path)
    return sql
  }
  return {
    reached: () => (opened().prepare('SELECT applied FROM store').raw().get() as [number])[0],
    hold: () => opened().exec('BEGIN IMMEDIATE'),
    letGo: () => opened().exec('COMMIT'),
    // Only when its statements are collected as garbage has it let go of the file.
    close: () => {
      sql?.close()
      collectGarbage()
    },
  }
}

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')
