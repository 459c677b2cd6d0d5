import { closeSync, existsSync, fstatSync, openSync, readSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Misconfigured, StoreUnusable } from '@bailiwick/core'
import { applicationId, schemaVersion } from './schema.js'
import { codeOf, damaged } from './sqlite-errors.js'

/** The files of one store. Two paths that lead to one file yield the same names. */
export interface StoreFile {
  readonly main: string
  /** The write-ahead log of SQLite: what it wrote since its last checkpoint. Part of the data until the store is closed. */
  readonly log: string
  /** The last rows of the log, which SQLite does not have yet. Part of the data until the store is closed. */
  readonly ahead: string
  /** What connections of one process tell each other about that log. Nothing of it outlives them. */
  readonly shared: string
  /**
   * What to take back of a transaction that a crash has cut, of those few that are made without the log: while a file is
   * brought up to date, and as it is closed. Part of the data then.
   */
  readonly journal: string
  /** Locked while the store is open. Always empty, and left where it is. */
  readonly lock: string
  /** Room on the disk that is kept for what takes away. Holds nothing. */
  readonly reserve: string
  /** A new store, until it is complete. */
  readonly draft: string
}

/** @throws {Misconfigured} when the directory does not exist. */
export function locate(path: string): StoreFile {
  const main = existsSync(path) ? realpathSync(path) : join(realDirectory(path), basename(path))
  return {
    main,
    log: `${main}-wal`,
    shared: `${main}-shm`,
    ahead: `${main}-ahead`,
    journal: `${main}-journal`,
    lock: `${main}-lock`,
    reserve: `${main}-reserve`,
    draft: `${main}-new`,
  }
}

function realDirectory(path: string): string {
  const directory = dirname(path)
  try {
    return realpathSync(directory)
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause
    throw new Misconfigured(
      `the directory of the store file \`${path}\` does not exist: create \`${directory}\`, or correct the path`,
      { cause },
    )
  }
}

/**
 * Whether a store is there, told by its header alone, so that a file of somebody else is not touched. What stands
 * behind the header is the verifier's to check.
 *
 * @throws {StoreUnusable} for anything that is there and that this release cannot open.
 */
export function inspect({ main, log, ahead, journal }: StoreFile): 'ours' | 'absent' {
  const holds = (each: string) => existsSync(each) && statSync(each).size > 0
  const ofSqlite = [log, journal].find(holds)
  if (!existsSync(main)) {
    // What is left of the lost file would be played into the new one.
    const rest = ofSqlite ?? [ahead].find(holds)
    if (rest !== undefined)
      throw damaged(`\`${main}\` is missing, but \`${rest}\` is there, which is a part of it`)
    return 'absent'
  }
  const { header, size } = readHeader(main)
  if (size === 0) {
    throw new StoreUnusable(
      'store_damaged',
      `\`${main}\` is empty, which a store never is: restore a backup, or delete it if it never was a store`,
    )
  }
  if (header.subarray(0, 16).toString('latin1') !== 'SQLite format 3\0') {
    throw new StoreUnusable('store_foreign', `\`${main}\` is not a store: it is no SQLite database`)
  }
  if (header.length < 100) throw damaged(`\`${main}\` ends within its header`)
  if (header.readUInt32BE(68) !== applicationId) {
    throw new StoreUnusable('store_foreign', `\`${main}\` is a SQLite database of another application`)
  }
  const version = header.readUInt32BE(60)
  if (version > schemaVersion) throw newer(main, version)
  if (version === 0) throw damaged(`the header of \`${main}\` names no schema version`)
  // Its last pages may be in the log alone; and with the journal, the header may speak of pages that never came.
  if (ofSqlite === undefined && size < header.readUInt32BE(28) * header.readUInt16BE(16))
    throw damaged(`\`${main}\` ends before its last page`)
  return 'ours'
}

/** A release never guesses at what a later one wrote. */
export function newer(main: string, version: number): StoreUnusable {
  return new StoreUnusable(
    'store_newer',
    `\`${main}\` was written by a newer release (schema ${version}, and this one knows ${schemaVersion}): upgrade`,
  )
}

/** The 100 bytes of https://sqlite.org/fileformat2.html#the_database_header, or as many as there are. */
function readHeader(main: string): { readonly header: Buffer; readonly size: number } {
  const file = openSync(main, 'r')
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw new StoreUnusable('store_foreign', `\`${main}\` is not a file`)
    const header = Buffer.alloc(100)
    return { header: header.subarray(0, readSync(file, header, 0, 100, 0)), size: stat.size }
  } finally {
    closeSync(file)
  }
}
