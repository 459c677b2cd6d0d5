import { isAuthorizationError, StoreFull, StoreUnavailable, StoreUnusable } from '@bailiwick/core'

/** What a failure of SQLite, or of the file system below it, means to the engine. Anything else is a bug, kept. */
export function storeError(cause: unknown, doing: string): unknown {
  if (isAuthorizationError(cause) || !(cause instanceof Error)) return cause
  const code = codeOf(cause)
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_NOTADB')) {
    return damaged(`${doing} met damage: ${cause.message}`, cause)
  }
  if (isFull(cause)) {
    return new StoreFull(`${doing} found no room left on the disk; free some and try again`, { cause })
  }
  // Of SQLite or of the system, and not of Node (`ERR_…`). libsql gives a file it cannot open no code.
  if (/^(SQLITE_|E(?!RR_))/.test(code) || cause.message.startsWith('ConnectionFailed')) {
    return new StoreUnavailable(`${doing} failed: ${cause.message}`, { cause })
  }
  return cause
}

/** Whether SQLite or the file system found no room. */
export function isFull(error: unknown): boolean {
  return /^(SQLITE_FULL|ENOSPC|EDQUOT)/.test(codeOf(error))
}

/** A `store_damaged` that says what to do about it. */
export function damaged(what: string, cause?: unknown): StoreUnusable {
  return new StoreUnusable('store_damaged', `${what}; keep the file for inspection and restore a backup`, {
    cause,
  })
}

/** `SQLITE_FULL`, `ENOENT`; empty when the error carries none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
