import { once } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import Database from 'libsql'
import { expect, onTestFinished, test } from 'vitest'
import { acme, draft, member, put } from '../store-contract/samples.js'
import { createStore } from './create-store.js'
import { storeDirectory } from './fixtures/store-directory.js'
import { Pending } from './pending.js'
import { encodeDraft } from './rows.js'
import { locate } from './store-file.js'
import { findTablesScript, TablesThread } from './tables-thread.js'
import type { Batch } from './write-batch.js'

/** A store file that two connections may have open, a thread beside it, and what the tables say. */
function openBeside(script?: string | URL) {
  const directory = storeDirectory()
  const file = locate(directory.file('authz.db'))
  createStore(file)
  const sql = new Database(file.main)
  sql.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000')
  const thread = TablesThread.start(file.main, script ?? (findTablesScript() as string)) as TablesThread
  const one = <Value>(query: string) => (sql.prepare(query).raw().get() as [Value])[0]
  onTestFinished(async () => {
    await thread.end()
    // Whatever became of it, nobody else has the file open.
    expect(one('PRAGMA journal_mode = DELETE')).toBe('delete')
    sql.close()
  })
  return {
    path: file.main,
    sql,
    thread,
    applied: () => one<number>('SELECT applied FROM store'),
    members: () => one<number>('SELECT count(*) FROM entities'),
  }
}

/** What a commit of so many members comes to. */
function batch(after: number, many: number): Batch {
  const position = after + 1
  const pending = new Pending()
  const members = Array.from({ length: many }, (_, n) => put(member(`om_${position}_${n}`)))
  pending.add(
    acme,
    { revision: position, entities: many, position },
    encodeDraft(acme, draft(...members)).changes,
  )
  pending.places.push({ shard: acme, revision: position, position })
  const { heads, places } = pending
  return { after, upTo: position, rows: [], entities: [...pending.entities()], heads, places }
}

test('batches are written one after the other, while this thread goes on', () => {
  const { thread, applied, members } = openBeside()
  for (let n = 0; n < 5; n++) thread.write(batch(n, 100))
  expect(thread.isIdle).toBe(false)
  expect(thread.wait()).toBe(true)
  expect([thread.isIdle, thread.isGone, applied(), members()]).toEqual([true, false, 5, 500])
})

test('it writes when whoever holds the file lets go, and nothing of a batch is seen before all of it', () => {
  const { sql, thread, applied, members } = openBeside()
  thread.wait()
  sql.exec('BEGIN IMMEDIATE')
  thread.write(batch(0, 100))
  expect([thread.isIdle, applied(), members()]).toEqual([false, 0, 0])
  sql.exec('COMMIT')
  thread.wait()
  expect([applied(), members()]).toEqual([1, 100])
})

test('a batch that begins where the tables are not ends it, with nothing written', async () => {
  const { thread, applied, members } = openBeside()
  thread.write(batch(0, 10))
  thread.write(batch(7, 10))
  thread.write(batch(1, 10))
  expect(thread.wait()).toBe(true)
  expect([thread.isGone, applied(), members()]).toEqual([true, 1, 10])
})

test('an error of the disk ends it, and the next to write finds nothing half written', async () => {
  const { sql, thread, applied, members } = openBeside()
  sql.exec("CREATE TRIGGER refused BEFORE UPDATE ON store BEGIN SELECT raise(ABORT, 'refused'); END")
  thread.write(batch(0, 10))
  expect(thread.wait()).toBe(true)
  sql.exec('BEGIN IMMEDIATE; DROP TRIGGER refused; COMMIT')
  expect([thread.isGone, applied(), members()]).toEqual([true, 0, 0])
})

test('one whose script is not there, or throws, is gone as soon as anybody hears of it', async () => {
  for (const script of ['/nowhere/tables-worker.js', new URL('data:text/javascript,throw new Error("no")')]) {
    const { thread, applied } = openBeside(script)
    thread.write(batch(0, 1))
    await expect.poll(() => thread.isGone).toBe(true)
    expect([thread.isIdle, thread.wait(), applied()]).toEqual([true, true, 0])
  }
})

test('one that dies within a transaction leaves nothing of it, and nobody is kept waiting', async () => {
  const libsql = import.meta.resolve('libsql')
  const { sql, thread, applied } = openBeside(
    new URL(
      `data:text/javascript,${encodeURIComponent(`
      import { workerData, parentPort } from 'node:worker_threads'
      import Database from '${libsql}'
      const sql = new Database(workerData.path)
      parentPort.on('message', () => {
        sql.exec('BEGIN IMMEDIATE; UPDATE store SET applied = 7')
        parentPort.postMessage('changed')
        process.exit()
      })`)}`,
    ),
  )
  thread.write(batch(0, 1))
  await expect.poll(() => thread.isGone).toBe(true)
  sql.exec('BEGIN IMMEDIATE; ROLLBACK')
  expect(applied()).toBe(0)
})

test('within a thread of the application, which may be stopped at any time, there is none', async () => {
  const ours = findTablesScript() as string
  const worker = new Worker(
    new URL(
      `data:text/javascript,${encodeURIComponent(`
      import { parentPort } from 'node:worker_threads'
      import { findTablesScript } from '${new URL('tables-thread.js', pathToFileURL(ours))}'
      parentPort.postMessage(findTablesScript())`)}`,
    ),
  )
  expect(await once(worker, 'message')).toEqual([undefined])
})

test('to end it waits for the batch, and for its connection', async () => {
  const { path, thread, applied } = openBeside()
  thread.write(batch(0, 500))
  await thread.end()
  expect(applied()).toBe(1)
  if (process.platform === 'linux') {
    const open = readdirSync('/proc/self/fd').filter((fd) => linkOf(fd) === `${path}-wal`)
    expect(open).toHaveLength(1)
  }
  await thread.end()
})

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`)
  } catch {
    return undefined
  }
}
