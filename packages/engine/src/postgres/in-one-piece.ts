import type { Connection, Pool, PoolClient, Submittable } from 'pg'

/** A statement as it is sent, and what it is given. */
export interface BoundStatement {
  readonly text: string
  /** Under which a connection has it prepared. */
  readonly name?: string
  readonly values: readonly (string | null)[]
}

/** So long a connection waits for the next piece before others have it. */
const keepMs = 50
/** Whoever has no more than this many connections cannot do without one. */
const tooFewToKeep = 2

/**
 * Sends statements in one piece, as one transaction: each sees what was committed before it began, and when one fails
 * nothing remains of the others. The driver has a call for one, and asks each time what columns will come: to say so,
 * and to read it, takes both sides longer than everything else that is said.
 *
 * One connection is kept for the next piece: with the timers around it, to give one back and to be given it again is a
 * twelfth of what Node does for a commit.
 */
export class OnePieceSender {
  #kept: PoolClient | undefined
  #timer: NodeJS.Timeout | undefined
  readonly #keeps: boolean

  constructor(private readonly pool: Pool) {
    this.#keeps = pool.options.max > tooFewToKeep
    pool.on('connect', (client) => client.on('error', (error) => this.#lost(client, error)))
  }

  /** @returns how many rows the last one concerned. */
  send(statements: readonly BoundStatement[]): Promise<number> {
    return new Promise((resolve, reject) => {
      const sendOn = (client: PoolClient) => {
        const answered = (error: Error | undefined, concerned: number) => {
          if (error === undefined) {
            this.#keep(client)
            resolve(concerned)
          } else {
            // What is left to come on a connection after an error is not waited for.
            client.release(error)
            reject(error)
          }
        }
        client.query(new OnePiece(statements, answered))
      }
      const kept = this.#kept
      this.#kept = undefined
      if (kept !== undefined) sendOn(kept)
      else this.pool.connect((error, client) => (client === undefined ? reject(error) : sendOn(client)))
    })
  }

  /** Nothing may be under way, nor come. */
  close(): void {
    clearTimeout(this.#timer)
    this.#letGo()
  }

  #keep(client: PoolClient): void {
    if (!this.#keeps || this.#kept !== undefined) {
      client.release()
      return
    }
    this.#kept = client
    this.#timer = this.#timer?.refresh() ?? setTimeout(() => this.#letGo(), keepMs).unref()
  }

  #letGo(): void {
    this.#kept?.release()
    this.#kept = undefined
  }

  #lost(client: PoolClient, error: Error): void {
    if (this.#kept !== client) return
    this.#kept = undefined
    client.release(error)
  }
}

/** The driver calls what the server answers by these names. Columns are not asked for, and rows are not looked at. */
class OnePiece implements Submittable {
  #concerned = 0
  #known: Set<string> | undefined

  constructor(
    private readonly statements: readonly BoundStatement[],
    /** The driver puts its own in its place, which knows how long a statement may take. */
    public callback: (error: Error | undefined, concerned: number) => void,
  ) {}

  submit(connection: Connection): void {
    this.#known = preparedOn(connection)
    connection.stream.cork()
    for (const { name = '', text, values } of this.statements) {
      if (!this.#known.has(name)) connection.parse({ name, text, types: [] }, true)
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
    for (const { name } of this.statements) if (name !== undefined) this.#known?.add(name)
    this.callback(undefined, this.#concerned)
  }

  handleError(error: Error): void {
    this.callback(error, 0)
  }

  handleDataRow(): void {}
}

/** The names of what each connection has prepared. */
const prepared = new WeakMap<Connection, Set<string>>()

function preparedOn(connection: Connection): Set<string> {
  const known = prepared.get(connection) ?? new Set()
  prepared.set(connection, known)
  return known
}
