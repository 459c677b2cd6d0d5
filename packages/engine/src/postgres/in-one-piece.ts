import type { Connection, Pool, Submittable } from 'pg'

/** A statement as it is sent, and what it is given. */
export interface BoundStatement {
  readonly text: string
  /** Under which a connection has it prepared. */
  readonly name?: string
  readonly values: readonly (string | null)[]
}

/**
 * Send statements in one piece, as one transaction: each sees what was committed before it began, and when one fails
 * nothing remains of the others. The driver has a call for one, and asks each time what columns will come: to say so,
 * and to read it, takes both sides longer than everything else that is said.
 *
 * @returns how many rows the last one concerned.
 */
export function sendInOnePiece(pool: Pool, statements: readonly BoundStatement[]): Promise<number> {
  return new Promise((resolve, reject) => {
    pool.connect((unconnected, client, release) => {
      if (client === undefined) return reject(unconnected)
      client.query(
        new OnePiece(statements, (error, concerned) => {
          // What is left to come on a connection after an error is not waited for.
          release(error)
          if (error === undefined) resolve(concerned)
          else reject(error)
        }),
      )
    })
  })
}

/** The statements that each connection has prepared, by their names. */
const prepared = new WeakMap<Connection, Set<string>>()

/** The driver calls what the server answers by these names. Columns are not asked for, and rows are not looked at. */
class OnePiece implements Submittable {
  #concerned = 0
  #connection: Connection | undefined

  constructor(
    private readonly statements: readonly BoundStatement[],
    /** The driver puts its own in its place, which knows how long a statement may take. */
    public callback: (error: Error | undefined, concerned: number) => void,
  ) {}

  submit(connection: Connection): void {
    this.#connection = connection
    const known = prepared.get(connection)
    connection.stream.cork()
    for (const { name = '', text, values } of this.statements) {
      if (!known?.has(name)) connection.parse({ name, text, types: [] }, true)
      connection.bind({ statement: name, values: [...values] }, true)
      connection.execute(null, true)
    }
    connection.sync()
    connection.stream.uncork()
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#concerned = Number(text.slice(text.lastIndexOf(' ') + 1))
  }

  handleReadyForQuery(): void {
    this.#remember()
    this.callback(undefined, this.#concerned)
  }

  handleError(error: Error): void {
    this.callback(error, 0)
  }

  handleDataRow(): void {}

  #remember(): void {
    const connection = this.#connection as Connection
    const known = prepared.get(connection) ?? new Set()
    prepared.set(connection, known)
    for (const { name } of this.statements) if (name !== undefined) known.add(name)
  }
}
