import { isAuthorizationError, Misconfigured, StoreFull, StoreUnavailable } from '@bailiwick/core'

/** The SQLSTATE of an error that the server sent; empty for any other. */
export function sqlStateOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : ''
}

/** Whether the server gave a transaction up, in favour of another one, and took back what it did. */
export function isSerializationFailure(error: unknown): boolean {
  return sqlStateOf(error) === '40001'
}

/**
 * Whether another transaction was in the way and this one changed nothing, so that it can run again: serialization
 * failure, deadlock, a unique key that somebody else took between our look and our write, and a schema, table or type
 * that somebody else made then, over which `IF NOT EXISTS` stumbles too.
 */
export function isRace(error: unknown): boolean {
  return ['40001', '40P01', '23505', '42P06', '42P07', '42710'].includes(sqlStateOf(error))
}

/**
 * Whether a session does not have a prepared statement that it was thought to have, has it although it was thought not
 * to, or has it for tables that have changed since.
 */
export function isUnprepared(error: unknown): boolean {
  return ['26000', '42P05', '0A000'].includes(sqlStateOf(causeOf(error)))
}

/**
 * Whether an append met what it did not expect: another transaction, or that what it removes is not there, which is what
 * our functions say, or the commit that says nothing of it.
 */
export function isInTheWay(error: unknown): boolean {
  const cause = causeOf(error)
  return isRace(cause) || ['BW001', '23502'].includes(sqlStateOf(cause))
}

/** Whether somebody else has the row that was to be locked, and was not to be waited for. */
export function isLocked(error: unknown): boolean {
  return sqlStateOf(causeOf(error)) === '55P03'
}

/** Whether a server does not know a statement, or a function in it: nor will it later. */
export function isUnknown(error: unknown): boolean {
  return ['0A000', '42601', '42883'].includes(sqlStateOf(error))
}

/** What a failure of PostgreSQL, or on the way to it, means to the engine. A bug of ours is kept as it is. */
export function storeError(cause: unknown, doing: string): unknown {
  if (isAuthorizationError(cause) || !(cause instanceof Error)) return cause
  const state = sqlStateOf(cause)
  // Syntax and access rules, data and constraints: nothing that another try would change.
  if (/^(22|23|42|BW)/.test(state)) return cause
  // Told by the server itself, so the transaction was taken back: nothing was stored.
  if (state === '53100')
    return new StoreFull(`${doing} failed: the disk of the database is full: ${cause.message}`, { cause })
  if (state !== '' || isOfTheNetwork(cause)) {
    return new StoreUnavailable(`${doing} failed: ${messageOf(cause)}`, { cause })
  }
  return cause
}

/** The same while opening, where what the server refuses is ours to set up. */
export function openingError(cause: unknown): unknown {
  if (isAuthorizationError(cause) || !(cause instanceof Error)) return cause
  if (/^(28|3D|42501)/.test(sqlStateOf(cause)) || /SASL|SSL|password/.test(cause.message)) {
    return new Misconfigured(`PostgreSQL refused: ${cause.message}`, { cause })
  }
  return storeError(cause, 'opening the store')
}

// The driver gives most of its own errors no code.
function isOfTheNetwork(error: Error): boolean {
  return (
    ('code' in error && typeof error.code === 'string' && /^E[A-Z]/.test(error.code)) ||
    /timeout|terminated|connection|socket|pool/i.test(error.message)
  )
}

/** A name with several addresses fails at each of them, and the whole of that has no message. */
function messageOf(error: Error): string {
  const [first] = error instanceof AggregateError ? error.errors : []
  return error.message === '' && first instanceof Error ? first.message : error.message
}

/** What the server said, where that was put into words already. */
function causeOf(error: unknown): unknown {
  return error instanceof StoreUnavailable ? error.cause : error
}
