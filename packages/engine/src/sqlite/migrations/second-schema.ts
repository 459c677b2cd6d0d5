/**
 * The log comes first: a transaction adds one row to it, and nothing else has to be on disk for a commit to be
 * acknowledged. What can be read from the log stands in the other tables up to the position in `store.applied`,
 * and they are brought up to date many commits at a time.
 *
 * Look-ups have no checksum: SQLite compares them with their index, and they are compared with what they find.
 */
export const secondSchema = `
  CREATE TABLE log (
    position INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    commits TEXT NOT NULL,
    checksum INTEGER NOT NULL
  ) STRICT;

  ALTER TABLE store ADD COLUMN applied INTEGER NOT NULL DEFAULT 0;

  CREATE TABLE log_shards (
    shard TEXT NOT NULL,
    revision INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (shard, revision)
  ) STRICT, WITHOUT ROWID;

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
  ) STRICT, WITHOUT ROWID;`
