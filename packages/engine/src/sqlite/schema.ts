import type { Database } from 'libsql'
import { fillLog } from './migrations/fill-log.js'
import { firstSchema } from './migrations/first-schema.js'
import { secondSchema } from './migrations/second-schema.js'
import { thirdSchema } from './migrations/third-schema.js'

/** Stands in the header of every file of ours (`PRAGMA application_id`): the bytes `BLWK`. */
export const applicationId = 0x424c574b

/**
 * Forward only, and what is released never changes: a later release adds its steps at the end. The number of
 * steps taken is the file's `user_version`.
 */
const migrations: readonly ((sql: Database) => void)[] = [
  (sql) => sql.exec(firstSchema),
  (sql) => {
    sql.exec(secondSchema)
    fillLog(sql)
  },
  (sql) => sql.exec(thirdSchema),
  // The tables are as they were. What a crash leaves is not: a release before knows nothing of the file ahead.
  () => {},
]

/** The `user_version` of a file that this release writes. */
export const schemaVersion = migrations.length

/** Take a file from a version to this one, all of it or, after a crash, nothing. */
export function migrate(sql: Database, version: number): void {
  sql.exec(`BEGIN IMMEDIATE; PRAGMA application_id = ${applicationId}`)
  try {
    for (const step of migrations.slice(version)) step(sql)
    sql.exec(`PRAGMA user_version = ${schemaVersion}; COMMIT`)
  } catch (error) {
    if (sql.inTransaction) sql.exec('ROLLBACK')
    throw error
  }
}
