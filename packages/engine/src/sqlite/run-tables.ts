import Database from 'libsql'
import { durably } from './connect.js'
import { prepareStatements } from './statements.js'
import { gone, type TablesThreadData } from './tables-thread.js'
import { transact } from './transact.js'
import { type Batch, writeBatch } from './write-batch.js'

/** Where what is to be written comes from. */
export interface TablesPort {
  on(event: 'message', listener: (message: Batch | 'end') => void): void
  close(): void
}

/**
 * Open the store file once more, and write each batch that comes, until the end. What is thrown ends the thread, and
 * its connection with it; whoever waits is told before.
 */
export function runTables({ path, ended }: TablesThreadData, port: TablesPort): void {
  const telling = <Value>(work: () => Value): Value => {
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
  const connection = telling(() => {
    const sql = new Database(path)
    sql.exec(`PRAGMA cache_size = -65536; PRAGMA cell_size_check = ON; ${durably}`)
    return { sql, statements: prepareStatements(sql) }
  })
  port.on('message', (batch) => {
    if (batch === 'end') port.close()
    else telling(() => transact(connection, () => writeBatch(connection.statements, batch)))
  })
}
