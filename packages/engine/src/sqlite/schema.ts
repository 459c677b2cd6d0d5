/** Stands in the header of every file of ours (`PRAGMA application_id`): the bytes `BLWK`. */
export const applicationId = 0x424c574b

/**
 * Forward only, and what is released never changes: a later release adds its steps at the end. The number of
 * steps taken is the file's `user_version`.
 *
 * Every key leads with the shard, so that what is read together lies together. `checksum` covers a row with its
 * key: SQLite notices damage to its structure, and not to what stands in a row.
 */
const migrations: readonly string[] = [
  `
  CREATE TABLE store (
    id TEXT NOT NULL PRIMARY KEY,
    checksum INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE shards (
    shard TEXT NOT NULL PRIMARY KEY,
    revision INTEGER NOT NULL,
    entities INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE commits (
    shard TEXT NOT NULL,
    revision INTEGER NOT NULL,
    at TEXT NOT NULL,
    changes TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (shard, revision)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE entities (
    shard TEXT NOT NULL,
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    entity TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (shard, kind, id)
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX entities_by_id ON entities (kind, id);
  `,
]

/** The `user_version` of a file that this release writes. */
export const schemaVersion = migrations.length

/** SQL that takes a file from a version to this one, all of it or, after a crash, nothing. */
export function migrationFrom(version: number): string {
  return `
    BEGIN IMMEDIATE;
    PRAGMA application_id = ${applicationId};
    ${migrations.slice(version).join('\n')}
    PRAGMA user_version = ${schemaVersion};
    COMMIT;`
}
