import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import Database from 'libsql'
import { expect, onTestFinished, test } from 'vitest'
import { createStore } from './create-store.js'
import { storeDirectory } from './fixtures/store-directory.js'
import { locate } from './store-file.js'
import { findTablesScript, type TablesThreadData } from './tables-thread.js'

test('the connection of the thread flushes each of its transactions, waits for others, and looks at what it reads', async () => {
  const file = locate(storeDirectory().file('authz.db'))
  createStore(file)
  const before = new Database(file.main)
  before.exec('PRAGMA journal_mode = WAL')
  before.close()
  expect(await pragmasOfThread(file.main)).toEqual({
    synchronous: 2,
    fullfsync: 1,
    wal_autocheckpoint: 256,
    journal_size_limit: 16_777_216,
    busy_timeout: 5_000,
    cell_size_check: 1,
  })
})

/** What the thread that ships has told its connection, asked of that one when it has started. */
async function pragmasOfThread(path: string): Promise<unknown> {
  const script = `
    import { parentPort } from 'node:worker_threads'
    import Database from '${import.meta.resolve('libsql')}'
    // SQLite has the careful value for some already, which a build may change: here they begin with the other one.
    let connection
    const { exec } = Database.prototype
    Database.prototype.exec = function (text) {
      connection ??= this
      if (connection === this) exec.call(this, 'PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0')
      return exec.call(this, text)
    }
    await import('file://${findTablesScript()}')
    const names = ['synchronous', 'fullfsync', 'wal_autocheckpoint', 'journal_size_limit', 'busy_timeout', 'cell_size_check']
    const value = (name) => connection.prepare('PRAGMA ' + name).raw().get()[0]
    parentPort.postMessage(Object.fromEntries(names.map((name) => [name, value(name)])))`
  const workerData: TablesThreadData = { path, ended: new Int32Array(new SharedArrayBuffer(4)) }
  const url = new URL(`data:text/javascript,${encodeURIComponent(script)}`)
  const worker = new Worker(url, { workerData, execArgv: [], env: {} })
  const exited = once(worker, 'exit')
  onTestFinished(async () => {
    worker.postMessage('end')
    await exited
  })
  const [pragmas] = await once(worker, 'message')
  return pragmas
}
