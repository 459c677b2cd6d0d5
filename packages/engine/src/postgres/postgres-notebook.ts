import type { FiledNote, Note, Notebook } from '@bailiwick/core'
import type { Database } from './database.js'

/** The notebook of a PostgreSQL store: of every process the same notes. */
export class PostgresNotebook implements Notebook {
  readonly access = 'shared'

  constructor(
    private readonly database: Database,
    private readonly clock: () => number,
  ) {}

  async read(bucket: string, key: string): Promise<string | undefined> {
    const [row] = await this.database.keyed<[string]>(
      'SELECT value FROM {}.notes WHERE bucket = $1 AND key = $2 AND (expires_at IS NULL OR expires_at > $3)',
      bucket,
      key,
      this.clock(),
    )
    return row?.[0]
  }

  async write(
    bucket: string,
    key: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<void> {
    await this.database.run(
      `INSERT INTO {}.notes (bucket, key, value, expires_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (bucket, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
      bucket,
      key,
      value,
      options?.expiresAt ?? null,
    )
  }

  async insert(
    bucket: string,
    key: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<boolean> {
    const written = await this.database.run(
      `INSERT INTO {}.notes AS notes (bucket, key, value, expires_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (bucket, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at
       WHERE notes.expires_at <= $5`,
      bucket,
      key,
      value,
      options?.expiresAt ?? null,
      this.clock(),
    )
    return written === 1
  }

  async replace(
    bucket: string,
    key: string,
    before: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<boolean> {
    const written = await this.database.run(
      `UPDATE {}.notes SET value = $4, expires_at = $5
       WHERE bucket = $1 AND key = $2 AND value = $3 AND (expires_at IS NULL OR expires_at > $6)`,
      bucket,
      key,
      before,
      value,
      options?.expiresAt ?? null,
      this.clock(),
    )
    return written === 1
  }

  async remove(bucket: string, key: string): Promise<void> {
    await this.database.run('DELETE FROM {}.notes WHERE bucket = $1 AND key = $2', bucket, key)
  }

  async list(bucket: string): Promise<readonly Note[]> {
    const rows = await this.database.rows<[string, string, string | null]>(
      `SELECT key, value, expires_at FROM {}.notes
       WHERE bucket = $1 AND (expires_at IS NULL OR expires_at > $2) ORDER BY key`,
      bucket,
      this.clock(),
    )
    return rows.map(([key, value, expiresAt]) => ({
      key,
      value,
      expiresAt: expiresAt === null ? null : Number(expiresAt),
    }))
  }

  async all({ after, limit }: Parameters<Notebook['all']>[0]): Promise<readonly FiledNote[]> {
    const rows = await this.database.rows<[string, string, string, string | null]>(
      `SELECT bucket, key, value, expires_at FROM {}.notes
       WHERE (bucket, key) > ($1, $2) AND (expires_at IS NULL OR expires_at > $3) ORDER BY bucket, key LIMIT $4`,
      after?.bucket ?? '',
      after?.key ?? '',
      this.clock(),
      limit,
    )
    return rows.map(([bucket, key, value, expiresAt]) => ({
      bucket,
      key,
      value,
      expiresAt: expiresAt === null ? null : Number(expiresAt),
    }))
  }

  async sweep(): Promise<void> {
    await this.database.run('DELETE FROM {}.notes WHERE expires_at <= $1', this.clock())
  }
}
