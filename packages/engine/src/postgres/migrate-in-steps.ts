import { setTimeout as pause } from 'node:timers/promises'
import { StoreUnusable } from '@bailiwick/core'
import { again } from './again.js'
import type { Database } from './database.js'
import { makeStore, readState } from './migration-state.js'
import { isRace } from './postgres-errors.js'
import { migrations, statementsOf } from './schema.js'

const lookEveryMs = 250
const mostLooks = 120

/**
 * Bring the tables to the form of this release where each statement that makes one is a transaction by itself. Whoever
 * says first in the row of the store that he is at it makes them; the others wait. A key that is still being made is no
 * promise yet: so nobody opens a store of which not all is there, and what somebody left half made is not guessed at.
 *
 * @returns The id of the store.
 * @throws {StoreUnusable} `store_damaged` when whoever was at it does not come to the end.
 */
export async function migrateInSteps(database: Database): Promise<string> {
  const from = await claim(database)
  if (from !== undefined) {
    for (const migration of migrations.slice(from)) {
      if ('functions' in migration) continue
      // Where columns cannot be told how to compare, they compare by bytes, which is what they would be told.
      const { hasCollations } = database.server
      const tables = hasCollations ? migration.tables : migration.tables.replaceAll(' COLLATE "C"', '')
      for (const statement of statementsOf(tables)) await database.run(statement)
    }
    await database.run('UPDATE {}.store SET version = $1', migrations.length)
  }
  for (let looks = 1; looks <= mostLooks; looks++) {
    const state = await readState(database)
    if (state?.version === migrations.length) return state.id
    await pause(lookEveryMs)
  }
  throw new StoreUnusable(
    'store_damaged',
    `somebody began to make the tables of the schema \`${database.schema}\` and did not come to the end: if it was empty before, drop it and open the store again, with one process first`,
  )
}

/** @returns from which migration on they are to be made here; nothing while somebody else is at it. */
async function claim(database: Database): Promise<number | undefined> {
  const state = await readState(database)
  if (state === undefined) {
    // Those who make one schema, or one table, at one time may fail at each other.
    const isMade = await again(isRace, () => makeStore(database, underWay(0)))
    return isMade ? 0 : undefined
  }
  const claimed = await database.run(
    'UPDATE {}.store SET version = $2 WHERE version = $1 AND version >= 0',
    state.version,
    underWay(state.version),
  )
  return claimed === 1 ? state.version : undefined
}

function underWay(version: number): number {
  return -1 - version
}
