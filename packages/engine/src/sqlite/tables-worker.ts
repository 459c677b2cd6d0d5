import { parentPort, workerData } from 'node:worker_threads'
import Database from 'libsql'
import { durably } from './connect.js'
import { prepareStatements } from './statements.js'
import { gone, type TablesThreadData } from './tables-thread.js'
import { transact } from './transact.js'
import { type Batch, writeBatch } from './write-batch.js'

// Runs in the thread. An error ends it, and its connection with it; whoever waits is told before.
const { path, ended } = workerData as TablesThreadData

const connection = telling(() => {
  const sql = new Database(path)
  sql.exec(`PRAGMA cache_size = -65536; PRAGMA cell_size_check = ON; ${durably}`)
  return { sql, statements: prepareStatements(sql) }
})

parentPort?.on('message', (batch: Batch | 'end') => {
  if (batch === 'end') parentPort?.close()
  else telling(() => transact(connection, () => writeBatch(connection.statements, batch)))
})

function telling<Value>(work: () => Value): Value {
  try {
    const value = work()
    Atomics.add(ended, 0, 1)
    return value
  } catch (error) {
    Atomics.store(ended, 0, gone)
    throw error
  } finally {
    Atomics.notify(ended, 0)
  }
}
