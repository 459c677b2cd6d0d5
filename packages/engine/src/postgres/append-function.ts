/**
 * Stores the drafts of one append, in one round trip. Whoever asks has decided already what they come to; where that
 * rests on what others may have stored meanwhile, a unique key or a missing row says so by an error, and nothing is
 * stored.
 *
 * - Yields nothing when they were stored; otherwise the shard, or what was given, is at another revision, and it yields
 *   that of the shard.
 * - `BW001`: something that was to be removed is not there, or this may not be seen.
 *
 * Each statement sees what was committed before it began. So what is given is read after the lock is had, and does not
 * change any more: whoever changes it holds that lock alone. A database may be set up to show the state of before the
 * lock instead (`repeatable read`): then nothing is stored either, and the caller begins a transaction as it must be.
 */
export const appendFunction = `
  CREATE FUNCTION {}.append_commits_1(
    to_shard text, expected bigint, reached bigint,
    guard bigint, given_shard text, given_revision bigint,
    gone_kinds text[], gone_ids text[], least_gone integer,
    put_kinds text[], put_ids text[], put_entities text[],
    found_kinds text[], found_ids text[],
    lookup_names text[], lookup_values text[], lookup_ids text[], lookup_kinds text[],
    commit_revisions bigint[], commit_times text[], commit_origins text[],
    commit_changes text[]
  ) RETURNS bigint LANGUAGE plpgsql AS $body$
  DECLARE
    concerned bigint;
  BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      RAISE EXCEPTION 'this transaction may not see what others commit' USING ERRCODE = 'BW001';
    END IF;

    IF given_shard IS NULL THEN
      PERFORM pg_advisory_xact_lock(guard);
    ELSE
      PERFORM pg_advisory_xact_lock_shared(guard);
      SELECT revision INTO concerned FROM {}.shards WHERE shard = given_shard;
      IF coalesce(concerned, 0) <> given_revision THEN
        SELECT revision INTO concerned FROM {}.shards WHERE shard = to_shard;
        RETURN coalesce(concerned, 0);
      END IF;
    END IF;

    -- And so the lock on the shard: whoever comes second waits here, and then finds another revision.
    IF expected = 0 THEN
      INSERT INTO {}.shards (shard, revision) VALUES (to_shard, reached) ON CONFLICT (shard) DO NOTHING;
    ELSE
      UPDATE {}.shards SET revision = reached WHERE shard = to_shard AND revision = expected;
    END IF;
    GET DIAGNOSTICS concerned = ROW_COUNT;
    IF concerned = 0 THEN
      SELECT revision INTO concerned FROM {}.shards WHERE shard = to_shard;
      RETURN coalesce(concerned, 0);
    END IF;

    IF cardinality(gone_ids) > 0 THEN
      DELETE FROM {}.entities AS entities USING unnest(gone_kinds, gone_ids) AS gone (kind, id)
      WHERE entities.shard = to_shard AND entities.kind = gone.kind AND entities.id = gone.id;
      GET DIAGNOSTICS concerned = ROW_COUNT;
      IF concerned < least_gone THEN
        RAISE EXCEPTION 'what is to be removed is not there' USING ERRCODE = 'BW001';
      END IF;
    END IF;

    -- A unique value may go from one entity to another: all are let go before any is taken.
    IF cardinality(found_ids) > 0 THEN
      DELETE FROM {}.lookups AS lookups USING unnest(found_kinds, found_ids) AS found (kind, id)
      WHERE lookups.kind = found.kind AND lookups.id = found.id;
    END IF;
    IF cardinality(put_ids) > 0 THEN
      INSERT INTO {}.entities (shard, kind, id, entity)
      SELECT to_shard, put.kind, put.id, put.entity FROM unnest(put_kinds, put_ids, put_entities) AS put (kind, id, entity)
      ON CONFLICT (shard, kind, id) DO UPDATE SET entity = excluded.entity;
    END IF;
    IF cardinality(lookup_ids) > 0 THEN
      INSERT INTO {}.lookups (name, value, id, kind)
      SELECT * FROM unnest(lookup_names, lookup_values, lookup_ids, lookup_kinds);
    END IF;

    INSERT INTO {}.commits (shard, revision, at, origin, changes)
    SELECT to_shard, drafts.revision, drafts.at, drafts.origin, drafts.changes
    FROM unnest(commit_revisions, commit_times, commit_origins, commit_changes)
      AS drafts (revision, at, origin, changes)
    ORDER BY drafts.revision;
    RETURN NULL;
  END
  $body$;
`
