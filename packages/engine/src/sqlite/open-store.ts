import { existsSync } from 'node:fs'
import type { Store } from '../store/store.js'
import { connect } from './connect.js'
import { createStore } from './create-store.js'
import type { Pace } from './following-tables.js'
import { inspectLog } from './inspect-log.js'
import { Reserve } from './reserve.js'
import { SqliteStore } from './sqlite-store.js'
import { inspect, type StoreFile } from './store-file.js'
import { takeLock } from './store-lock.js'

/**
 * Open a store file, made if it is not there, and hold it for this process.
 *
 * @param pace - When the tables are brought up to date, and by whom.
 * @throws {StoreUnusable} when it is locked, damaged, not ours or newer than this release.
 */
export function openStore(file: StoreFile, pace?: Partial<Pace>): Store {
  // Where no store has been open yet, look before locking: nothing is left beside a stranger's file.
  if (existsSync(file.main) && !existsSync(file.lock)) inspect(file)
  const lock = takeLock(file)
  try {
    if (inspect(file) === 'absent') createStore(file)
    inspectLog(file)
    return new SqliteStore(connect(file), lock, new Reserve(file.reserve), pace)
  } catch (error) {
    lock.release()
    throw error
  }
}
