import { StoreUnavailable } from '@bailiwick/core'
import type { Pool, PoolClient } from 'pg'
import { again } from './again.js'
import { OnePieceSender } from './in-one-piece.js'
import { isRace, isSerializationFailure, isUnprepared, storeError } from './postgres-errors.js'
import { postgresql, type Server } from './server.js'
import { Statements } from './statements.js'

/** A row as an array of its columns. */
export type Row = readonly unknown[]

/** What statements run on: the pool, or one connection within a transaction. */
export interface Runner {
  /** That holds our tables; `{}` in a statement stands for it. */
  readonly schema: string
  /** The rows; parameters are `$1`, `$2`. */
  rows<Columns extends Row>(sql: string, ...parameters: readonly unknown[]): Promise<readonly Columns[]>
  /**
   * The rows of a statement that is asked again and again: a connection parses and plans it once. Only for what finds
   * its rows by whole keys, so that one plan is right whatever the parameters are and however much there is.
   */
  keyed<Columns extends Row>(sql: string, ...parameters: readonly unknown[]): Promise<readonly Columns[]>
  /** Run for its effect. @returns how many rows it concerned. */
  run(sql: string, ...parameters: readonly unknown[]): Promise<number>
}

/** How a statement is sent that is asked again and again. */
type StatementForm = (sql: string) => { readonly text: string; readonly name?: string }

/** The server, and the schema that holds our tables. */
export class Database implements Runner {
  #closed = false
  #server = postgresql
  #prepares: boolean
  readonly #statements: Statements
  readonly #sender: OnePieceSender

  constructor(
    private readonly pool: Pool,
    readonly schema: string,
    { prepare = true }: { readonly prepare?: boolean } = {},
  ) {
    this.#prepares = prepare
    this.#statements = new Statements(schema)
    this.#sender = new OnePieceSender(pool)
  }

  get maxConnections(): number {
    return this.pool.options.max
  }

  get server(): Server {
    return this.#server
  }

  /** What was learned of the server, before anything else is asked of it. */
  set server(server: Server) {
    this.#server = server
  }

  async rows<Columns extends Row>(
    sql: string,
    ...parameters: readonly unknown[]
  ): Promise<readonly Columns[]> {
    this.mustBeOpen()
    return this.#alone('reading from the store', (pool) => pool.rows<Columns>(sql, ...parameters))
  }

  async keyed<Columns extends Row>(
    sql: string,
    ...parameters: readonly unknown[]
  ): Promise<readonly Columns[]> {
    this.mustBeOpen()
    return this.#alone('reading from the store', (pool) => pool.keyed<Columns>(sql, ...parameters))
  }

  async run(sql: string, ...parameters: readonly unknown[]): Promise<number> {
    this.mustBeOpen()
    return this.#alone('writing to the store', (pool) => pool.run(sql, ...parameters))
  }

  /** Write in one statement, which is a transaction by itself. What was begun before `close` is finished. */
  async writingOnce<Value>(write: (runner: Runner) => Promise<Value>): Promise<Value> {
    return this.#telling('writing to the store', write)
  }

  /**
   * Write in statements that go to the server in one piece, and are one transaction. What was begun before `close` is
   * finished.
   *
   * @returns how many rows the last one concerned.
   */
  writingInOnePiece(
    statements: readonly { readonly sql: string; readonly values: readonly (string | null)[] }[],
  ): Promise<number> {
    return this.#preparing(async (keyed) => {
      try {
        const bound = statements.map(({ sql, values }) => ({ ...keyed(sql), values }))
        return await this.#sender.send(bound)
      } catch (error) {
        throw storeError(error, 'writing to the store')
      }
    })
  }

  /** Read everything as of one moment. */
  async reading<Value>(read: (runner: Runner) => Promise<Value>): Promise<Value> {
    this.mustBeOpen()
    return again(isSerializationFailure, () =>
      this.#transact('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', read, 'reading from the store'),
    )
  }

  /**
   * Write in one transaction, from the beginning again when another one was in the way. What was begun before
   * `close` is finished.
   *
   * @param write - Yields what it came to; `undo` writes nothing after all.
   */
  async writing<Value>(write: (runner: Runner, undo: Undo) => Promise<Value>): Promise<Value> {
    const level = this.#server.apart === 'locks' ? 'READ COMMITTED' : 'SERIALIZABLE'
    try {
      return await again(isRace, () =>
        this.#transact(
          `BEGIN ISOLATION LEVEL ${level}`,
          (runner) => write(runner, Undone.of),
          'writing to the store',
        ),
      )
    } catch (error) {
      if (error instanceof Undone) return error.value as Value
      throw error
    }
  }

  /** Take nothing new, wait for what is under way, and let the connections go. */
  async close(underWay: () => Promise<void>): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await underWay()
    this.#sender.close()
    await this.pool.end()
  }

  mustBeOpen(): void {
    if (this.#closed) throw new StoreUnavailable('the store is closed')
  }

  /** One statement, which is a transaction by itself. */
  #alone<Value>(doing: string, work: (pool: Runner) => Promise<Value>): Promise<Value> {
    return again(isSerializationFailure, () => this.#telling(doing, work))
  }

  #telling<Value>(doing: string, work: (pool: Runner) => Promise<Value>): Promise<Value> {
    return this.#preparing(async (keyed) => {
      try {
        return await work(this.#runnerOn(this.pool, keyed))
      } catch (error) {
        throw storeError(error, doing)
      }
    })
  }

  /**
   * A pooler that hands each transaction another session may lose what was prepared on the last one. That is said
   * instead of running anything, and what a transaction had done before is taken back: it is done again, and from now
   * on nothing is prepared.
   */
  async #preparing<Value>(work: (keyed: StatementForm) => Promise<Value>): Promise<Value> {
    const named: StatementForm = (sql) => this.#statements.named(sql)
    const unnamed: StatementForm = (sql) => ({ text: this.#statements.text(sql) })
    if (!this.#prepares) return work(unnamed)
    try {
      return await work(named)
    } catch (error) {
      if (!isUnprepared(error)) throw error
      this.#prepares = false
      return work(unnamed)
    }
  }

  #transact<Value>(begin: string, work: (runner: Runner) => Promise<Value>, doing: string): Promise<Value> {
    return this.#preparing((keyed) => this.#transactOnce(begin, work, doing, keyed))
  }

  async #transactOnce<Value>(
    begin: string,
    work: (runner: Runner) => Promise<Value>,
    doing: string,
    keyed: StatementForm,
  ): Promise<Value> {
    let client: PoolClient | undefined
    try {
      client = await this.pool.connect()
      await client.query(begin)
      const value = await work(this.#runnerOn(client, keyed))
      await client.query('COMMIT')
      client.release()
      return value
    } catch (error) {
      // A connection on which not even this works is not used again.
      const broken = await client?.query('ROLLBACK').then(
        () => undefined,
        (cause: Error) => cause,
      )
      client?.release(broken)
      throw storeError(error, doing)
    }
  }

  #runnerOn(connection: Pool | PoolClient, keyed: StatementForm): Runner {
    const text = (sql: string) => this.#statements.text(sql)
    const rowsOf = async <Columns extends Row>(
      statement: ReturnType<StatementForm>,
      values: readonly unknown[],
    ) => {
      const { rows } = await connection.query<Columns[]>({
        ...statement,
        values: [...values],
        rowMode: 'array',
      })
      // Typed by whoever wrote the statement.
      return rows as unknown as readonly Columns[]
    }
    return {
      schema: this.schema,
      rows: (sql, ...values) => rowsOf({ text: text(sql) }, values),
      keyed: (sql, ...values) => rowsOf(keyed(sql), values),
      run: async (sql, ...values) => (await connection.query(text(sql), [...values])).rowCount ?? 0,
    }
  }
}

/** Takes back what a transaction did, and lets `writing` yield a value all the same. */
export type Undo = (value: unknown) => never

class Undone extends Error {
  static of(value: unknown): never {
    throw new Undone(value)
  }

  constructor(readonly value: unknown) {
    super('taken back')
  }
}
