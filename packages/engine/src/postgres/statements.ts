import { createHash } from 'node:crypto'

/** A statement as the server is sent it. */
export interface Statement {
  readonly text: string
  /** Under which a connection has it prepared. */
  readonly name: string
}

/** The statements of this program over one schema. There are a few dozen of them, each of which is made once. */
export class Statements {
  readonly #texts = new Map<string, string>()
  readonly #named = new Map<string, Statement>()

  constructor(private readonly schema: string) {}

  // Qualified names instead of a `search_path`: a pooler may hand each transaction another session.
  text(sql: string): string {
    const known = this.#texts.get(sql)
    if (known !== undefined) return known
    const text = sql.replaceAll('{}', `"${this.schema}"`)
    this.#texts.set(sql, text)
    return text
  }

  /** The name follows from the text: whoever prepared it on a connection that is shared, it means the same. */
  named(sql: string): Statement {
    const known = this.#named.get(sql)
    if (known !== undefined) return known
    const text = this.text(sql)
    const name = `bailiwick_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`
    const statement = { text, name }
    this.#named.set(sql, statement)
    return statement
  }
}
