import { Misconfigured } from '@bailiwick/core'
import type { Runner } from './database.js'

const oldest = 13

/** @throws {Misconfigured} for a server that is too old, or that speaks PostgreSQL's language and keeps no such locks. */
export async function mustBeSupported(runner: Pick<Runner, 'rows'>): Promise<void> {
  const [server] = await runner.rows<[string]>('SELECT version()')
  // Its advisory locks are not there, or are and lock nothing: https://github.com/cockroachdb/cockroach/issues/13546
  if (/CockroachDB/i.test(server?.[0] ?? ''))
    throw new Misconfigured('the server is CockroachDB, which has no advisory locks: PostgreSQL is needed')
  const [row] = await runner.rows<[string]>('SHOW server_version_num')
  const version = Math.floor(Number(row?.[0]) / 10_000)
  if (version >= oldest) return
  throw new Misconfigured(`the server is PostgreSQL ${version}, and ${oldest} or later is needed`)
}
