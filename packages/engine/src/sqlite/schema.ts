/** Stands in the header of every file of ours (`PRAGMA application_id`): the bytes `BLWK`. */
export const applicationId = 0x424c574b

/**
 * Forward only, and what is released never changes: a later release adds its steps at the end. The number of
 * steps taken is the file's `user_version`.
 *
 * Keys lead with the shard, so that what is read together lies together; commits lie in the one order in which they
 * became durable. `checksum` covers a row with its key: SQLite notices damage to its structure, and not to what
 * stands in a row. Look-ups have none: SQLite compares them with their index, and they are compared with what they
 * find.
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
  // A clock may have gone back: within a shard the revisions say what came first.
  `
  CREATE TABLE ordered_commits (
    position INTEGER PRIMARY KEY,
    shard TEXT NOT NULL,
    revision INTEGER NOT NULL,
    at TEXT NOT NULL,
    changes TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;

  INSERT INTO ordered_commits (shard, revision, at, changes, checksum)
    SELECT shard, revision, at, changes, checksum
    FROM (SELECT *, max(at) OVER (PARTITION BY shard ORDER BY revision) AS reached FROM commits)
    ORDER BY reached, shard, revision;

  DROP TABLE commits;
  ALTER TABLE ordered_commits RENAME TO commits;
  CREATE UNIQUE INDEX commits_by_revision ON commits (shard, revision);

  CREATE TABLE lookups (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (name, value, id)
  ) STRICT, WITHOUT ROWID;

  CREATE UNIQUE INDEX lookups_by_entity ON lookups (kind, id, name, value);

  INSERT INTO lookups (name, value, id, kind)
    SELECT 'membership_user', json_extract(entity, '$.userId'), id, kind FROM entities
      WHERE kind = 'membership'
    UNION ALL
    SELECT 'organization_external_id', json_extract(entity, '$.externalId'), id, kind FROM entities
      WHERE kind = 'organization' AND json_extract(entity, '$.externalId') IS NOT NULL;

  CREATE TABLE notes (
    bucket TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at INTEGER,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (bucket, key)
  ) STRICT, WITHOUT ROWID;
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
