import { Misconfigured } from '@bailiwick/core'
import type { Runner } from './database.js'
import { postgresql, type Server } from './server.js'

const oldest = 13
const oldestCockroach = 23.1

/**
 * Which server this is.
 *
 * @throws {Misconfigured} for one that is too old, or that is set up to answer with what was so a while ago.
 */
export async function readServer(runner: Pick<Runner, 'rows'>): Promise<Server> {
  const [row] = await runner.rows<[string]>('SELECT version()')
  const said = row?.[0] ?? ''
  const cockroach = /CockroachDB.* v(\d+)\.(\d+)/i.exec(said)
  if (cockroach !== null) {
    const version = `${cockroach[1]}.${cockroach[2]}`
    if (Number(version) < oldestCockroach) throw tooOld('CockroachDB', version, oldestCockroach)
    await mustReadTheLatest(runner, 'default_transaction_use_follower_reads')
    return { name: 'CockroachDB', apart: 'serializable', hasCollations: false }
  }
  const [number] = await runner.rows<[string]>('SHOW server_version_num')
  const version = Math.floor(Number(number?.[0]) / 10_000)
  if (!(version >= oldest)) throw tooOld('PostgreSQL', version, oldest)
  if (!said.includes('-YB-')) return postgresql
  await mustReadTheLatest(runner, 'yb_read_from_followers')
  return { name: 'YugabyteDB', apart: 'serializable', hasCollations: true }
}

/** A copy that is behind would tell an old revision, and so a check would be told that a revoked role holds. */
async function mustReadTheLatest(runner: Pick<Runner, 'rows'>, setting: string): Promise<void> {
  const [row] = await runner.rows<[string | null]>('SELECT current_setting($1, true)', setting)
  if (row?.[0] !== 'on') return
  throw new Misconfigured(
    `\`${setting}\` is on, and then a check may not see what was acknowledged: turn it off`,
  )
}

function tooOld(name: string, version: string | number, needed: number): Misconfigured {
  return new Misconfigured(`the server is ${name} ${version}, and ${needed} or later is needed`)
}
