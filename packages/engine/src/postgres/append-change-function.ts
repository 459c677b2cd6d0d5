/**
 * What `appendChange` does, as a function: for nodes of the release before, which run beside newer ones and call it.
 *
 * - `step` is `make` for an entity that is hoped not to be there, `put`, or `remove`.
 * - `change_json` is the entity, or the id of what is removed: what is between `change_begins` and the end of the
 *   commit. So it crosses the wire once, and what is the same in every such commit is part of the prepared statement.
 * - What was given is compared by the statement that moves the shard on, which sees what was committed before it began:
 *   after the lock was had.
 */
export const appendChangeFunction = `
  CREATE FUNCTION {}.append_change_2(
    to_shard text, expected bigint, given_revision bigint, of_id text, change_json text,
    commit_time text, commit_origin text,
    guard bigint, given_shard text, step text, of_kind text, change_begins text
  ) RETURNS bigint LANGUAGE plpgsql AS $body$
  DECLARE
    concerned bigint;
  BEGIN
    -- Within a condition the lock costs a call, and as a statement of its own as much as an insert.
    IF current_setting('transaction_isolation') <> 'read committed' OR pg_advisory_xact_lock_shared(guard) IS NULL THEN
      RAISE EXCEPTION 'this transaction may not see what others commit' USING ERRCODE = 'BW001';
    END IF;
    UPDATE {}.shards SET revision = expected + 1
    WHERE shard = to_shard AND revision = expected
      AND EXISTS (SELECT FROM {}.shards WHERE shard = given_shard AND revision = given_revision);
    IF NOT FOUND THEN
      SELECT revision INTO concerned FROM {}.shards WHERE shard = to_shard;
      RETURN coalesce(concerned, 0);
    END IF;

    IF step = 'make' THEN
      INSERT INTO {}.entities (shard, kind, id, entity) VALUES (to_shard, of_kind, of_id, change_json);
    ELSIF step = 'put' THEN
      INSERT INTO {}.entities (shard, kind, id, entity) VALUES (to_shard, of_kind, of_id, change_json)
      ON CONFLICT (shard, kind, id) DO UPDATE SET entity = excluded.entity;
    ELSE
      DELETE FROM {}.entities WHERE shard = to_shard AND kind = of_kind AND id = of_id;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'what is to be removed is not there' USING ERRCODE = 'BW001';
      END IF;
    END IF;

    INSERT INTO {}.commits (shard, revision, at, origin, changes)
    VALUES (to_shard, expected + 1, commit_time, commit_origin, change_begins || change_json || '}]');
    RETURN NULL;
  END
  $body$;
`

/** The same as it was first. */
export const firstAppendChangeFunction = `
  CREATE FUNCTION {}.append_change_1(
    to_shard text, expected bigint,
    guard bigint, given_shard text, given_revision bigint,
    step text, of_kind text, of_id text, of_entity text,
    commit_time text, commit_origin text, commit_changes text
  ) RETURNS bigint LANGUAGE plpgsql AS $body$
  DECLARE
    concerned bigint;
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'this transaction may not see what others commit' USING ERRCODE = 'BW001';
    END IF;

    -- Within a condition this costs a call, and as a statement of its own as much as an insert.
    IF pg_advisory_xact_lock_shared(guard) IS NULL THEN
      RAISE EXCEPTION 'there is no lock';
    END IF;
    UPDATE {}.shards SET revision = expected + 1
    WHERE shard = to_shard AND revision = expected
      AND EXISTS (SELECT FROM {}.shards WHERE shard = given_shard AND revision = given_revision);
    GET DIAGNOSTICS concerned = ROW_COUNT;
    IF concerned = 0 THEN
      SELECT revision INTO concerned FROM {}.shards WHERE shard = to_shard;
      RETURN coalesce(concerned, 0);
    END IF;

    IF step = 'make' THEN
      INSERT INTO {}.entities (shard, kind, id, entity) VALUES (to_shard, of_kind, of_id, of_entity);
    ELSIF step = 'put' THEN
      INSERT INTO {}.entities (shard, kind, id, entity) VALUES (to_shard, of_kind, of_id, of_entity)
      ON CONFLICT (shard, kind, id) DO UPDATE SET entity = excluded.entity;
    ELSE
      DELETE FROM {}.entities WHERE shard = to_shard AND kind = of_kind AND id = of_id;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'what is to be removed is not there' USING ERRCODE = 'BW001';
      END IF;
    END IF;

    INSERT INTO {}.commits (shard, revision, at, origin, changes)
    VALUES (to_shard, expected + 1, commit_time, commit_origin, commit_changes);
    RETURN NULL;
  END
  $body$;
`
