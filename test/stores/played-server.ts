import { Client, type QueryConfig } from 'pg'

/** A PostgreSQL that says it is another server, and takes only what the documentation of that one says it takes. */
export interface PlayedServer {
  /** The statements that were refused, as they were sent. */
  readonly refused: readonly string[]
  /** Be PostgreSQL again. */
  end(): void
}

type Part = 'CockroachDB' | 'YugabyteDB'

const versions: Readonly<Record<Part, string>> = {
  CockroachDB: 'CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27, go1.19.10)',
  YugabyteDB: 'PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu, compiled by clang',
}

/** Neither may be sent these, or they promise less there than they seem to. */
const nowhere = [
  /\b(UN)?LISTEN\b|\bNOTIFY\b|pg_notify/i,
  /advisory/i,
  /\bFUNCTION\b|plpgsql|\bDO\s+\$|append_c/i,
  /\bctid\b|\bxmin\b|\btxid_|\bpg_current_|\bxid8\b/i,
  /\bCOPY\b|\bLOCK TABLE\b|\bSET\s+(LOCAL|SESSION)\b|\bDEALLOCATE\b|\bDISCARD\b/i,
  // It would be another level than the one that keeps writers apart.
  /ISOLATION LEVEL READ/i,
  // Each statement that makes something is a transaction by itself.
  /;\s*\S/,
]
/** CockroachDB changes one table in one statement once, and compares columns by bytes without being told. */
const notOnCockroach = [
  /COLLATE "C"/,
  /(INSERT INTO|UPDATE|DELETE FROM)\s.*\)\s*(INSERT INTO|UPDATE \{|DELETE FROM)\s/is,
]
const makesSomething = /^\s*(CREATE|ALTER|DROP|TRUNCATE)\b/i

/** Play a server for every connection of this process until `end`. */
export function playServer(part: Part): PlayedServer {
  const rules = part === 'CockroachDB' ? [...nowhere, ...notOnCockroach] : nowhere
  const refused: string[] = []
  const inTransaction = new WeakSet<object>()
  const sent = Client.prototype.query as (...all: unknown[]) => unknown
  const played = function (this: object, asked: string | QueryConfig, ...others: unknown[]): unknown {
    const text = typeof asked === 'string' ? asked : asked.text
    const isRefused =
      rules.some((rule) => rule.test(text)) || (inTransaction.has(this) && makesSomething.test(text))
    if (/^BEGIN\b/.test(text)) inTransaction.add(this)
    if (/^(COMMIT|ROLLBACK)\b/.test(text)) inTransaction.delete(this)
    if (isRefused) {
      refused.push(text)
      return sent.call(this, unknown, ...others.filter((other) => typeof other === 'function'))
    }
    const taken = text === 'SELECT version()' ? `SELECT '${versions[part]}'` : asTaken(part, text)
    return sent.call(this, typeof asked === 'string' ? taken : { ...asked, text: taken }, ...others)
  }
  Client.prototype.query = played as typeof Client.prototype.query
  return {
    refused,
    end: () => {
      Client.prototype.query = sent as typeof Client.prototype.query
    },
  }
}

/** CockroachDB reads a statement without its shared locks, unless it is set up otherwise: the isolation level must do. */
function asTaken(part: Part, text: string): string {
  return part === 'CockroachDB' ? text.replace(/ FOR SHARE$/, '') : text
}

/** Refused by the server itself, as what it does not know. */
const unknown = `DO $$ BEGIN RAISE EXCEPTION 'syntax error' USING ERRCODE = '42601'; END $$`
