import { appendChangeFunction, firstAppendChangeFunction } from './append-change-function.js'
import { appendFunction } from './append-function.js'

/**
 * A step: tables, which every server has, or functions, which keep writers apart by locks where the server keeps to them
 * ({@link Server}).
 */
export type Migration = { readonly tables: string } | { readonly functions: string }

/** What all begins with: the row at which those who open the store together wait for each other. */
export const storeTable = `
  CREATE SCHEMA IF NOT EXISTS {};

  CREATE TABLE IF NOT EXISTS {}.store (
    only_one boolean PRIMARY KEY CHECK (only_one),
    id text NOT NULL,
    version integer NOT NULL,
    position bigint NOT NULL
  );
`

/**
 * Forward only, and what is released never changes: a later release adds its steps at the end, such that the release
 * before it can go on beside them. `{}` stands for the schema.
 *
 * Keys lead with the shard, so that a distributed PostgreSQL can place by it; what is read in its order says so, or
 * YugabyteDB would scatter it. Texts compare by their bytes, as
 * everywhere else. What the model promises is promised a second time by unique keys.
 */
export const migrations: readonly Migration[] = [
  {
    tables: `
  CREATE TABLE {}.shards (
    shard text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL
  );

  CREATE TABLE {}.commits (
    shard text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    at text NOT NULL,
    changes text NOT NULL,
    stored bigserial NOT NULL,
    position bigint,
    PRIMARY KEY (shard, revision)
  );
  CREATE UNIQUE INDEX commits_by_position ON {}.commits (position ASC) WHERE position IS NOT NULL;
  CREATE INDEX commits_without_position ON {}.commits (stored ASC) WHERE position IS NULL;

  CREATE TABLE {}.entities (
    shard text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    entity text NOT NULL,
    PRIMARY KEY (shard, kind, id)
  );
  CREATE UNIQUE INDEX entities_by_id ON {}.entities (kind, id);

  CREATE TABLE {}.lookups (
    name text COLLATE "C" NOT NULL,
    value text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    PRIMARY KEY (name, value, id)
  );
  CREATE INDEX lookups_by_entity ON {}.lookups (kind, id);
  CREATE UNIQUE INDEX unique_lookups ON {}.lookups (name, value)
    WHERE name IN ('organization_external_id', 'user_email', 'user_external_id');

  CREATE TABLE {}.notes (
    bucket text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    value text NOT NULL,
    expires_at bigint,
    PRIMARY KEY (bucket, key)
  );
  `,
  },
  // For people who read by SQL; nothing of ours reads them.
  {
    tables: `
  CREATE VIEW {}.organizations AS
    SELECT id, entity::json ->> 'name' AS name, entity::json ->> 'externalId' AS external_id,
      (entity::json ->> 'createdAt')::timestamptz AS created_at
    FROM {}.entities WHERE kind = 'organization';

  CREATE VIEW {}.organization_memberships AS
    SELECT id, shard AS organization_id, entity::json ->> 'userId' AS user_id, entity::json ->> 'status' AS status,
      entity::json -> 'roleIds' AS role_ids, (entity::json ->> 'createdAt')::timestamptz AS created_at
    FROM {}.entities WHERE kind = 'membership';

  CREATE VIEW {}.resources AS
    SELECT id, shard AS organization_id, entity::json ->> 'type' AS resource_type,
      entity::json ->> 'externalId' AS external_id, entity::json ->> 'name' AS name,
      entity::json ->> 'parentId' AS parent_resource_id, (entity::json ->> 'createdAt')::timestamptz AS created_at
    FROM {}.entities WHERE kind = 'resource';

  CREATE VIEW {}.groups AS
    SELECT id, shard AS organization_id, entity::json ->> 'name' AS name,
      (entity::json ->> 'createdAt')::timestamptz AS created_at
    FROM {}.entities WHERE kind = 'group';

  CREATE VIEW {}.roles AS
    SELECT id, CASE kind WHEN 'role' THEN NULL ELSE shard END AS organization_id, entity::json ->> 'slug' AS slug,
      entity::json ->> 'on' AS resource_type, entity::json -> 'permissionIds' AS permission_ids
    FROM {}.entities WHERE kind IN ('role', 'organization_role');

  CREATE VIEW {}.role_assignments AS
    SELECT assignments.id, assignments.shard AS organization_id,
      assignments.entity::json -> 'subject' ->> 'kind' AS subject_kind,
      assignments.entity::json -> 'subject' ->> 'id' AS subject_id,
      roles.slug AS role, assignments.entity::json ->> 'resourceId' AS resource_id,
      (assignments.entity::json ->> 'createdAt')::timestamptz AS created_at
    FROM {}.entities AS assignments
    LEFT JOIN {}.roles AS roles ON roles.id = assignments.entity::json ->> 'roleId'
    WHERE assignments.kind = 'assignment';
  `,
  },
  // Where commits come from; and what chains them, from the first that has none on.
  {
    tables: `
  ALTER TABLE {}.commits ADD COLUMN origin text, ADD COLUMN hash text;
  ALTER TABLE {}.store ADD COLUMN hash text;
  `,
  },
  { functions: appendFunction },
  { functions: firstAppendChangeFunction },
  { functions: appendChangeFunction },
]

/** The statements of a step that makes tables, for servers that must be given them one by one. */
export function statementsOf(tables: string): readonly string[] {
  return tables.split(/;\s*(?:\n|$)/).filter((statement) => statement.trim() !== '')
}
