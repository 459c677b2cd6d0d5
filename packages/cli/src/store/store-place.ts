import { isAbsolute, resolve } from 'node:path'
import type { StoreOpener } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { type Command, Option } from 'commander'

/** Where everything is kept, as the command was told. */
export interface StoreOptions {
  readonly data: string
  readonly database?: string
}

/** Where everything is kept. */
export interface StorePlace {
  readonly kind: 'file' | 'database'
  /** For people: the file in full, or the database without who may use it. */
  readonly name: string
  readonly opener: StoreOpener
}

/** Let a command be told where everything is kept: `--data` or `--database`. */
export function withStoreOptions(command: Command, data: string): Command {
  return command
    .option('-d, --data <file>', data, './authz.db')
    .addOption(
      new Option('--database <url>', 'a PostgreSQL database instead: postgres://user:password@host/database')
        .env('BAILIWICK_DATABASE')
        .conflicts('data'),
    )
}

/** @throws {Misconfigured} for a database that is named as none can be. */
export async function storePlace({ data, database }: StoreOptions): Promise<StorePlace> {
  if (database === undefined) {
    const file = isAbsolute(data) ? data : resolve(data)
    return { kind: 'file', name: file, opener: sqlite(file) }
  }
  // Its driver is read only by who uses it.
  const { postgres } = await import('@bailiwick/engine/postgres')
  return { kind: 'database', opener: postgres(database), name: withoutSecrets(database) }
}

function withoutSecrets(database: string): string {
  const { protocol, host, pathname } = new URL(database)
  return `${protocol}//${host}${pathname}`
}
