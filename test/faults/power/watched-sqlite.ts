import { Database as WasmDatabase, type Statement as WasmStatement } from 'node-sqlite3-wasm'

/**
 * SQLite as `libsql` offers it, as far as the store uses that, in WebAssembly: its reads, writes and flushes are calls
 * of `node:fs`, which can be watched.
 */
export class WatchedSqlite {
  /** `OFF` leaves out every flush that the store asks for. */
  static flushes: 'FULL' | 'OFF' = 'FULL'
  readonly #sql: WasmDatabase

  constructor(path: string) {
    this.#sql = new WasmDatabase(path)
    this.#sql.exec(`PRAGMA synchronous = ${WatchedSqlite.flushes}`)
  }

  get inTransaction(): boolean {
    return this.#sql.inTransaction
  }

  exec(text: string): void {
    this.#sql.exec(text.replaceAll('synchronous = FULL', `synchronous = ${WatchedSqlite.flushes}`))
  }

  prepare(text: string): WatchedStatement {
    // Here it would take its argument for the name of a table.
    return new WatchedStatement(this.#sql.prepare(text.replace('integrity_check(1)', 'integrity_check')))
  }

  close(): void {
    this.#sql.close()
  }
}

/** Parameters come one by one, or as one array of them. */
class WatchedStatement {
  constructor(private readonly statement: WasmStatement) {}

  raw(): this {
    return this
  }

  /** @param values - Apart, or as one array. */
  run(...values: readonly unknown[]): void {
    this.statement.run(values.flat() as never)
  }

  get(...values: readonly unknown[]): unknown {
    // All of them: after the first one alone, the statement would still be open.
    return this.all(...values)[0]
  }

  all(...values: readonly unknown[]): unknown[] {
    return this.statement.all(values.flat() as never).map(columnsOf)
  }

  *iterate(...values: readonly unknown[]): Iterable<unknown> {
    for (const row of this.statement.iterate(values.flat() as never)) yield columnsOf(row)
  }
}

/** No two columns of a statement of ours have one name. */
function columnsOf(row: object): unknown[] {
  return Object.values(row).map((value) =>
    value instanceof Uint8Array ? Buffer.from(value) : typeof value === 'bigint' ? Number(value) : value,
  )
}
