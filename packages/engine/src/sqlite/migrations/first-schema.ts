/**
 * Every key leads with the shard, so that what is read together lies together. `checksum` covers a row with its
 * key: SQLite notices damage to its structure, and not to what stands in a row.
 */
export const firstSchema = `
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

  CREATE UNIQUE INDEX entities_by_id ON entities (kind, id);`
