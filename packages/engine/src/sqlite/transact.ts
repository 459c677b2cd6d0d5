import type { Connection } from './connect.js'

/** Write in one transaction, all of it or nothing. It is on disk when this returns. */
export function transact<Value>(
  { sql, statements }: Pick<Connection, 'sql' | 'statements'>,
  write: () => Value,
): Value {
  const { begin, commit, rollback } = statements
  // Left over only if the rollback below failed as well.
  if (sql.inTransaction) rollback.run()
  begin.run()
  try {
    const value = write()
    commit.run()
    return value
  } catch (error) {
    // A full disk or an I/O error may have rolled back already.
    if (sql.inTransaction) rollback.run()
    throw error
  }
}
