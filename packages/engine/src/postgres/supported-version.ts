import { Misconfigured } from '@bailiwick/core'
import type { Runner } from './database.js'

const oldest = 13

/** @throws {Misconfigured} for a server that is too old. */
export async function mustBeSupported(runner: Pick<Runner, 'rows'>): Promise<void> {
  const [row] = await runner.rows<[string]>('SHOW server_version_num')
  const version = Math.floor(Number(row?.[0]) / 10_000)
  if (version >= oldest) return
  throw new Misconfigured(`the server is PostgreSQL ${version}, and ${oldest} or later is needed`)
}
