import { Database as WasmDatabase, type Statement as WasmStatement } from 'node-sqlite3-wasm'

/** What a connection may ask of SQLite: how much is flushed. */
export type Flushes = 'FULL' | 'NORMAL' | 'OFF'

/** What is under the connections to one file, and how the one flushes that used it last. */
interface Shared {
  readonly sql: WasmDatabase
  flushes?: Flushes
}

/**
 * SQLite as `libsql` offers it, as far as the store uses that, in WebAssembly: its reads, writes and flushes are calls
 * of `node:fs`, which can be watched.
 *
 * That one has no memory that connections could share. So those to one file are one beneath, in the exclusive mode,
 * and each flushes as it was told itself: what comes to the disk is the same, for only one at a time writes.
 */
export class WatchedSqlite {
  /** What the first connection to a file gets that asks for `FULL`, and every other one. */
  static flushes: { first: Flushes; others: Flushes } = { first: 'FULL', others: 'FULL' }
  static readonly #files = new Map<string, Shared>()
  readonly #shared: Shared
  readonly #full: Flushes
  // Nobody is given what nobody asks for.
  #flushes: Flushes = 'OFF'

  constructor(private readonly path: string) {
    const there = WatchedSqlite.#files.get(path)
    this.#full = there === undefined ? WatchedSqlite.flushes.first : WatchedSqlite.flushes.others
    this.#shared = there ?? { sql: new WasmDatabase(path) }
    WatchedSqlite.#files.set(path, this.#shared)
  }

  get inTransaction(): boolean {
    return this.#shared.sql.inTransaction
  }

  exec(text: string): void {
    if (text.includes('synchronous = FULL')) this.#flushes = this.#full
    const asked = text.replaceAll('synchronous = FULL', `synchronous = ${this.#flushes}`)
    this.use().exec(asked.replaceAll('locking_mode = NORMAL', 'locking_mode = EXCLUSIVE'))
  }

  prepare(text: string): WatchedStatement {
    // Here it would take its argument for the name of a table.
    const statement = this.use().prepare(text.replace('integrity_check(1)', 'integrity_check'))
    return new WatchedStatement(statement, this)
  }

  /** The connection beneath, which flushes as this one from now on. */
  use(): WasmDatabase {
    const { sql } = this.#shared
    if (this.#shared.flushes !== this.#flushes && !sql.inTransaction) {
      sql.exec(`PRAGMA synchronous = ${this.#flushes}`)
      this.#shared.flushes = this.#flushes
    }
    return sql
  }

  /** Close all connections to the file: a store closes its own when no other one is left. */
  close(): void {
    WatchedSqlite.#files.delete(this.path)
    this.#shared.sql.close()
  }
}

/** Parameters come one by one, or as one array of them. */
class WatchedStatement {
  constructor(
    private readonly statement: WasmStatement,
    private readonly connection: WatchedSqlite,
  ) {}

  raw(): this {
    return this
  }

  /** @param values - Apart, or as one array. */
  run(...values: readonly unknown[]): void {
    this.connection.use()
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
