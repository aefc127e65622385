-- Each operation is one statement, a function: one round trip, one transaction, and row locks that are held no longer than the
-- database needs. Time is always clock_timestamp(), asked for when it is decided on.
--
-- Row locks are taken in this order, so nobody deadlocks: the request (advisory), resources by name, leases, waiters.

-- A lease names its resources itself, in canonical order; a second table would be a second insert for each grant.
ALTER TABLE lease ADD COLUMN names text[] COLLATE "C", ADD COLUMN tokens bigint[];
UPDATE lease l SET names = r.names, tokens = r.tokens FROM (
  SELECT lease_id, array_agg(name ORDER BY name) AS names, array_agg(fencing_token ORDER BY name) AS tokens
  FROM lease_resource GROUP BY lease_id) r WHERE r.lease_id = l.id;
ALTER TABLE lease ALTER COLUMN names SET NOT NULL, ALTER COLUMN tokens SET NOT NULL;
DROP TABLE lease_resource;
-- Held is what has not ended. Functions that know the id ask for ended_at: asked for the status, PostgreSQL may take the index of all
-- held leases instead of the key.
ALTER TABLE lease ADD CONSTRAINT lease_held_or_ended CHECK ((status = 'held') = (ended_at IS NULL));

-- Each index is written with each grant. What is held is few; what has ended is found by its id, which is in the order of time.
DROP INDEX lease_held_of_team, lease_ended;

-- Asked only when it would be refused.
DROP TRIGGER fencing_token_only_rises ON resource;
CREATE TRIGGER fencing_token_only_rises BEFORE UPDATE ON resource
  FOR EACH ROW WHEN (NEW.fencing_token < OLD.fencing_token) EXECUTE FUNCTION refuse_older_fencing_token();
CREATE TRIGGER resource_stays BEFORE DELETE ON resource FOR EACH ROW EXECUTE FUNCTION refuse_older_fencing_token();

-- A waiter that is served becomes the lease with its id. Who waited while the service was exchanged asks again.
-- attention: how long it counts after somebody was last heard of who waits with it. replica: whom to tell.
DROP TABLE waiter_resource;
DELETE FROM waiter;
DROP INDEX waiter_for_request, waiter_in_order;
ALTER TABLE waiter DROP COLUMN lease_id,
  ADD COLUMN names text[] COLLATE "C" NOT NULL, ADD COLUMN attention interval NOT NULL, ADD COLUMN replica text NOT NULL;
CREATE UNIQUE INDEX waiter_for_request ON waiter (team, owner_id, request_id) WHERE request_id IS NOT NULL;

-- The queue of each resource, in its order.
CREATE TABLE waiter_resource (
  team      text             NOT NULL,
  name      text COLLATE "C" NOT NULL,
  priority  smallint         NOT NULL,
  seq       bigint           NOT NULL,
  waiter_id uuid             NOT NULL REFERENCES waiter ON DELETE CASCADE,
  PRIMARY KEY (team, name, priority, seq)
);
CREATE INDEX waiter_resource_of_waiter ON waiter_resource (waiter_id);

-- What a function says. kind:
--   granted                        to the caller: l is the lease
--   queued, refused                not now; l is the waiter (id, team, names) or the lease in the way; ahead stand before it
--   done, ended                    it was done; l had ended before
--   mismatch, not_found, not_owner, reason_missing, unknown   nothing was done; unknown: a resource has no row yet
--   served                         l was granted to the waiter of its id
--   again                          call serve(l.team, l.names) in a transaction of its own: it needs rows that are not locked here
CREATE TYPE answer AS (kind text, ahead bigint, l lease);

CREATE FUNCTION iso(t timestamptz) RETURNS text LANGUAGE sql STABLE AS
  $$ SELECT to_char(t AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') $$;

-- UUIDv7, like those the services make.
CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

CREATE FUNCTION priority_word(p smallint) RETURNS text LANGUAGE sql IMMUTABLE AS
  $$ SELECT (ARRAY['critical', 'high', 'normal', 'low'])[p + 1] $$;

-- Writes a fact into the outbox, as io.skein.contracts.event.SkeinEvent. p_data is the text of a JSON object.
CREATE FUNCTION announce(p_type text, p_priority text, p_subject uuid, p_team text, p_actor text, p_trace text, p_owner text, p_data text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  message uuid := new_id();
  plan text := CASE WHEN p_owner LIKE 'plan:%' THEN
    substring(p_owner FROM '^plan:([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$') END;
BEGIN
  INSERT INTO outbox (message_id, exchange, routing_key, content_type, body) VALUES (
    message, 'skein.events', p_priority || '.' || p_type, 'application/cloudevents+json', convert_to(
      '{"specversion":"1.0","id":"' || message || '","source":"/lock-service","type":"' || p_type || '","subject":"' || p_subject
      || '","time":"' || iso(clock_timestamp()) || '","priority":"' || p_priority || '","team":' || to_json(p_team)
      || ',"actor":' || to_json(p_actor) || coalesce(',"traceid":' || to_json(p_trace), '')
      || coalesce(',"planid":"' || plan || '"', '') || ',"datacontenttype":"application/json","data":' || p_data || '}', 'UTF8'));
END $$;

CREATE FUNCTION announce_lease(p_type text, p_priority text, l lease, p_actor text, p_trace text, p_reason text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  tokens text := to_json(l.names[1]) || ':' || l.tokens[1];
BEGIN
  FOR i IN 2 .. cardinality(l.names) LOOP
    tokens := tokens || ',' || to_json(l.names[i]) || ':' || l.tokens[i];
  END LOOP;
  PERFORM announce(p_type, p_priority, l.id, l.team, p_actor, p_trace, l.owner_id,
    '{"lockId":"' || l.id || '","resourceIds":' || to_json(l.names) || ',"fencingTokens":{' || tokens || '},"ownerId":' || to_json(l.owner_id)
    || ',"ownerType":' || to_json(l.owner_type) || ',"priority":"' || priority_word(l.priority) || '","grantedAt":"' || iso(l.granted_at)
    || '","expiresAt":"' || iso(l.expires_at) || '"' || coalesce(',"reason":' || to_json(p_reason), '') || '}');
END $$;

-- Grants: raises the tokens and writes the lease. Only under the row locks of the resources.
CREATE FUNCTION grant_lease(p_id uuid, p_team text, p_names text[], p_owner text, p_owner_type text, p_actor text, p_priority smallint,
  p_request text, p_ttl int, p_metadata jsonb, p_trace text) RETURNS lease LANGUAGE plpgsql AS $$
DECLARE
  l lease;
  at timestamptz := clock_timestamp();
BEGIN
  WITH taken AS (
    UPDATE resource s SET fencing_token = s.fencing_token + 1, lease_id = p_id
    WHERE s.team = p_team AND s.name = ANY (p_names) RETURNING s.name, s.fencing_token)
  INSERT INTO lease (id, team, names, tokens, owner_id, owner_type, actor, priority, request_id, ttl_seconds, metadata, trace_id, status,
                     granted_at, expires_at)
  SELECT p_id, p_team, array_agg(t.name ORDER BY t.name), array_agg(t.fencing_token ORDER BY t.name), p_owner, p_owner_type, p_actor,
         p_priority, p_request, p_ttl, p_metadata, p_trace, 'held', at, at + make_interval(secs => p_ttl)
  FROM taken t RETURNING * INTO l;
  PERFORM announce_lease('lock.granted', 'normal', l, p_actor, p_trace, NULL);
  RETURN l;
END $$;

-- Ends a lease whose time is over. Decided anew on the row, so a renewal that came first wins. NULL when it does not end here.
CREATE FUNCTION expire(p_id uuid) RETURNS lease LANGUAGE plpgsql AS $$
DECLARE
  l lease;
BEGIN
  UPDATE lease x SET status = 'expired', ended_at = clock_timestamp()
    WHERE x.id = p_id AND x.ended_at IS NULL AND x.expires_at <= clock_timestamp() RETURNING * INTO l;
  IF FOUND THEN
    PERFORM announce_lease('lock.expired', 'high', l, 'service:lock-service', NULL, NULL);
  END IF;
  RETURN l;
END $$;

-- Ends what is over on these resources, under their row locks; holder: somebody still has one of them.
CREATE FUNCTION clear_way(p_team text, p_names text[]) RETURNS SETOF answer LANGUAGE plpgsql AS $$
DECLARE
  l lease;
  over lease;
BEGIN
  FOR l IN SELECT x.* FROM lease x WHERE x.ended_at IS NULL AND x.id IN (
      SELECT s.lease_id FROM resource s WHERE s.team = p_team AND s.name = ANY (p_names)) ORDER BY x.id LOOP
    over := NULL;
    IF l.expires_at <= clock_timestamp() THEN
      over := expire(l.id);
      IF over.id IS NULL THEN
        SELECT x.* INTO l FROM lease x WHERE x.id = l.id;
      END IF;
    END IF;
    IF over.id IS NULL AND l.status = 'held' THEN
      RETURN NEXT ROW('holder', NULL, l)::answer;
    ELSIF over.id IS NOT NULL AND NOT over.names <@ p_names THEN
      RETURN NEXT ROW('again', NULL, over)::answer;
    END IF;
  END LOOP;
END $$;

-- How many who count stand before a place in the queue and want one of the resources.
CREATE FUNCTION ahead_of(p_team text, p_names text[], p_priority smallint, p_seq bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
  SELECT count(DISTINCT w.id) FROM waiter_resource q JOIN waiter w ON w.id = q.waiter_id
  WHERE q.team = p_team AND q.name = ANY (p_names) AND (q.priority, q.seq) < (p_priority, p_seq) AND w.alive_until > clock_timestamp()
$$;

-- The place of a waiter, in the form of an answer.
CREATE FUNCTION place(p_kind text, p_ahead bigint, w waiter) RETURNS answer LANGUAGE plpgsql AS $$
DECLARE
  l lease;
BEGIN
  l.id := w.id;
  l.team := w.team;
  l.names := w.names;
  RETURN ROW(p_kind, p_ahead, l)::answer;
END $$;

-- Serves the first of each of these queues if it can be served: all it wants is free, and nobody ahead wants one of it.
-- Tells the replicas where the served wait, except the one that asks: it reads the answer.
CREATE FUNCTION serve(p_team text, p_names text[], p_replica text) RETURNS SETOF answer LANGUAGE plpgsql AS $$
DECLARE
  n text;
  w waiter;
  l lease;
  a answer;
  seen uuid[] := '{}';
  held boolean;
BEGIN
  PERFORM 1 FROM resource s WHERE s.team = p_team AND s.name = ANY (p_names) ORDER BY s.name FOR UPDATE;
  FOREACH n IN ARRAY p_names LOOP
    SELECT x.* INTO w FROM waiter_resource q JOIN waiter x ON x.id = q.waiter_id
      WHERE q.team = p_team AND q.name = n AND x.alive_until > clock_timestamp() ORDER BY q.priority, q.seq LIMIT 1;
    CONTINUE WHEN NOT FOUND OR w.id = ANY (seen);
    seen := seen || w.id;
    IF NOT w.names <@ p_names THEN
      RETURN NEXT place('again', NULL, w);
      CONTINUE;
    END IF;
    held := false;
    FOR a IN SELECT * FROM clear_way(p_team, w.names) LOOP
      IF a.kind = 'holder' THEN
        held := true;
      ELSE
        RETURN NEXT a;
      END IF;
    END LOOP;
    CONTINUE WHEN held OR cardinality(w.names) > 1 AND ahead_of(w.team, w.names, w.priority, w.seq) > 0;
    DELETE FROM waiter x WHERE x.id = w.id AND x.alive_until > clock_timestamp();
    CONTINUE WHEN NOT FOUND;
    l := grant_lease(w.id, w.team, w.names, w.owner_id, w.owner_type, w.actor, w.priority, w.request_id, w.ttl_seconds, w.metadata,
                     w.trace_id);
    RETURN NEXT ROW('served', NULL, l)::answer;
    IF w.replica <> p_replica THEN
      PERFORM pg_notify(w.replica, w.id::text);
    END IF;
  END LOOP;
END $$;

-- Somebody wants resources: granted at once, or a place in the queue when it waits, or refused.
CREATE FUNCTION claim(p_id uuid, p_team text, p_names text[], p_owner text, p_owner_type text, p_actor text, p_priority smallint,
  p_request text, p_ttl int, p_metadata jsonb, p_trace text, p_wait double precision, p_queue double precision, p_attention interval,
  p_replica text) RETURNS SETOF answer LANGUAGE plpgsql AS $$
DECLARE
  r record;
  rows int := 0;
  last uuid[] := '{}';
  l lease;
  holder lease;
  w waiter;
  a answer;
  held boolean := false;
BEGIN
  IF p_request IS NOT NULL THEN
    -- The same request twice at once, perhaps for other resources: one after the other.
    PERFORM pg_advisory_xact_lock(hashtextextended(p_team || chr(1) || p_owner || chr(1) || p_request, 0));
  END IF;
  FOR r IN SELECT s.lease_id FROM resource s WHERE s.team = p_team AND s.name = ANY (p_names) ORDER BY s.name FOR UPDATE LOOP
    rows := rows + 1;
    IF r.lease_id IS NOT NULL THEN
      last := last || r.lease_id;
    END IF;
  END LOOP;
  IF rows < cardinality(p_names) THEN
    RETURN NEXT ROW('unknown', NULL, NULL)::answer;
    RETURN;
  END IF;
  IF p_request IS NOT NULL THEN
    SELECT x.* INTO l FROM lease x
      WHERE x.team = p_team AND x.owner_id = p_owner AND x.request_id = p_request AND x.status = 'held';
    IF FOUND AND l.expires_at > clock_timestamp() THEN
      RETURN NEXT ROW(CASE WHEN l.names @> p_names AND l.names <@ p_names THEN 'granted' ELSE 'mismatch' END, NULL, l)::answer;
      RETURN;
    ELSIF FOUND THEN
      l := expire(l.id);
      IF l.id IS NOT NULL AND NOT l.names <@ p_names THEN
        RETURN NEXT ROW('again', NULL, l)::answer;
      END IF;
    END IF;
    SELECT x.* INTO w FROM waiter x WHERE x.team = p_team AND x.owner_id = p_owner AND x.request_id = p_request FOR UPDATE;
    IF FOUND AND NOT (w.names @> p_names AND w.names <@ p_names) THEN
      RETURN NEXT ROW('mismatch', NULL, NULL)::answer;
      RETURN;
    ELSIF FOUND THEN
      UPDATE waiter x SET replica = p_replica, attention = greatest(x.attention, p_attention),
          alive_until = clock_timestamp() + greatest(x.attention, p_attention),
          wait_until = greatest(x.wait_until, x.arrived_at + make_interval(secs => p_queue),
                                clock_timestamp() + make_interval(secs => p_wait))
        WHERE x.id = w.id;
      RETURN NEXT place('queued', ahead_of(w.team, w.names, w.priority, w.seq), w);
      -- It may not have counted for a moment, and nobody else asks.
      RETURN QUERY SELECT * FROM serve(p_team, p_names, p_replica);
      RETURN;
    END IF;
  END IF;
  IF EXISTS (SELECT 1 FROM lease x WHERE x.id = ANY (last) AND x.ended_at IS NULL) THEN
    FOR a IN SELECT * FROM clear_way(p_team, p_names) LOOP
      IF a.kind = 'holder' THEN
        held := true;
        holder := a.l;
      ELSE
        RETURN NEXT a;
      END IF;
    END LOOP;
  END IF;
  IF NOT held AND NOT EXISTS (SELECT 1 FROM waiter_resource q JOIN waiter x ON x.id = q.waiter_id
      WHERE q.team = p_team AND q.name = ANY (p_names) AND q.priority <= p_priority AND x.alive_until > clock_timestamp()) THEN
    l := grant_lease(p_id, p_team, p_names, p_owner, p_owner_type, p_actor, p_priority, p_request, p_ttl, p_metadata, p_trace);
    RETURN NEXT ROW('granted', NULL, l)::answer;
    RETURN;
  END IF;
  IF p_queue <= 0 THEN
    RETURN NEXT ROW('refused', ahead_of(p_team, p_names, p_priority, 9223372036854775807), holder)::answer;
  ELSE
    INSERT INTO waiter (id, team, names, owner_id, owner_type, actor, priority, request_id, ttl_seconds, metadata, trace_id, arrived_at,
                        wait_until, attention, alive_until, replica)
    VALUES (p_id, p_team, p_names, p_owner, p_owner_type, p_actor, p_priority, p_request, p_ttl, p_metadata, p_trace, clock_timestamp(),
            clock_timestamp() + make_interval(secs => p_queue), p_attention, clock_timestamp() + p_attention, p_replica)
    RETURNING * INTO w;
    INSERT INTO waiter_resource (team, name, priority, seq, waiter_id)
      SELECT p_team, u.name, p_priority, w.seq, p_id FROM unnest(p_names) AS u (name);
    a := place('queued', ahead_of(p_team, p_names, p_priority, w.seq), w);
    PERFORM announce('lock.queued', 'normal', p_id, p_team, p_actor, p_trace, p_owner, json_build_object(
      'queueId', p_id, 'resourceIds', to_json(p_names), 'ownerId', p_owner, 'ownerType', p_owner_type,
      'priority', priority_word(p_priority), 'position', a.ahead + 1)::text);
    RETURN NEXT a;
  END IF;
  IF NOT held THEN
    -- Somebody who waits could have it: it was over just now, or those ahead of the first have gone.
    RETURN QUERY SELECT * FROM serve(p_team, p_names, p_replica);
  END IF;
END $$;

-- p_team: NULL when the caller sees all teams.
CREATE FUNCTION renew(p_id uuid, p_ttl int, p_actor text, p_team text, p_trace text) RETURNS answer LANGUAGE plpgsql AS $$
DECLARE
  l lease;
BEGIN
  UPDATE lease x SET expires_at = clock_timestamp() + make_interval(secs => p_ttl), ttl_seconds = p_ttl
    WHERE x.id = p_id AND x.actor = p_actor AND (p_team IS NULL OR x.team = p_team) AND x.ended_at IS NULL
      AND x.expires_at > clock_timestamp() RETURNING * INTO l;
  IF FOUND THEN
    PERFORM announce_lease('lock.renewed', 'low', l, p_actor, p_trace, NULL);
    RETURN ROW('done', NULL, l)::answer;
  END IF;
  SELECT x.* INTO l FROM lease x WHERE x.id = p_id AND (p_team IS NULL OR x.team = p_team);
  RETURN ROW(CASE WHEN NOT FOUND THEN 'not_found' WHEN l.actor <> p_actor THEN 'not_owner' ELSE 'ended' END, NULL, l)::answer;
END $$;

-- By whoever acquired it, or by an admin, who says why. Whoever is next has it in the same transaction.
CREATE FUNCTION release(p_id uuid, p_actor text, p_team text, p_admin boolean, p_reason text, p_trace text, p_replica text)
RETURNS SETOF answer LANGUAGE plpgsql AS $$
DECLARE
  l lease;
  own boolean;
  refusal text;
BEGIN
  SELECT x.* INTO l FROM lease x WHERE x.id = p_id AND (p_team IS NULL OR x.team = p_team);
  own := l.actor = p_actor;
  refusal := CASE WHEN l.id IS NULL THEN 'not_found'
                  WHEN NOT own AND NOT p_admin THEN 'not_owner'
                  WHEN l.status <> 'held' THEN 'ended'
                  WHEN NOT own AND p_reason IS NULL THEN 'reason_missing' END;
  IF refusal IS NOT NULL THEN
    RETURN NEXT ROW(refusal, NULL, l)::answer;
    RETURN;
  END IF;
  PERFORM 1 FROM resource s WHERE s.team = l.team AND s.name = ANY (l.names) ORDER BY s.name FOR UPDATE;
  UPDATE lease x SET ended_at = clock_timestamp(),
      status = CASE WHEN x.expires_at <= clock_timestamp() THEN 'expired' WHEN own THEN 'released' ELSE 'overridden' END,
      ended_by = CASE WHEN x.expires_at <= clock_timestamp() THEN NULL ELSE p_actor END
    WHERE x.id = p_id AND x.ended_at IS NULL RETURNING * INTO l;
  IF NOT FOUND THEN
    RETURN QUERY SELECT 'ended', NULL::bigint, x FROM lease x WHERE x.id = p_id;
    RETURN;
  END IF;
  IF l.status = 'expired' THEN
    PERFORM announce_lease('lock.expired', 'high', l, 'service:lock-service', NULL, NULL);
    RETURN NEXT ROW('ended', NULL, l)::answer;
  ELSE
    IF own THEN
      PERFORM announce_lease('lock.released', 'normal', l, p_actor, p_trace, NULL);
    ELSE
      PERFORM announce_lease('lock.overridden', 'high', l, p_actor, p_trace, p_reason);
    END IF;
    RETURN NEXT ROW('done', NULL, l)::answer;
  END IF;
  IF EXISTS (SELECT 1 FROM waiter_resource q WHERE q.team = l.team AND q.name = ANY (l.names)) THEN
    RETURN QUERY SELECT * FROM serve(l.team, l.names, p_replica);
  END IF;
END $$;

-- Somebody is taken out of the queue. Those behind may be next: again.
CREATE FUNCTION leave(p_id uuid, p_actor text, p_team text, p_admin boolean, p_replica text) RETURNS SETOF answer LANGUAGE plpgsql AS $$
DECLARE
  w waiter;
BEGIN
  SELECT x.* INTO w FROM waiter x WHERE x.id = p_id AND (p_team IS NULL OR x.team = p_team);
  IF w.id IS NOT NULL AND w.actor <> p_actor AND NOT p_admin THEN
    RETURN NEXT ROW('not_owner', NULL, NULL)::answer;
    RETURN;
  END IF;
  DELETE FROM waiter x WHERE x.id = w.id RETURNING * INTO w;
  IF NOT FOUND THEN
    RETURN NEXT ROW('not_found', NULL, NULL)::answer;
    RETURN;
  END IF;
  IF w.replica <> p_replica THEN
    PERFORM pg_notify(w.replica, w.id::text);
  END IF;
  RETURN NEXT ROW('done', NULL, NULL)::answer;
  RETURN NEXT place('again', NULL, w);
END $$;

-- Whose turn it seems to be although nobody was told: the holder's time is over, a replica died between two steps, somebody
-- ahead counts no more. Only a hint; serve decides.
CREATE FUNCTION overdue() RETURNS SETOF answer LANGUAGE plpgsql AS $$
DECLARE
  w waiter;
BEGIN
  FOR w IN SELECT DISTINCT ON (f.id) f.* FROM (SELECT DISTINCT q.team, q.name FROM waiter_resource q) r
      CROSS JOIN LATERAL (
        SELECT x.* FROM waiter_resource q JOIN waiter x ON x.id = q.waiter_id
        WHERE q.team = r.team AND q.name = r.name AND x.alive_until > clock_timestamp() ORDER BY q.priority, q.seq LIMIT 1) f
      WHERE NOT EXISTS (
        SELECT 1 FROM resource t JOIN lease l ON l.id = t.lease_id
        WHERE t.team = f.team AND t.name = ANY (f.names) AND l.ended_at IS NULL AND l.expires_at > clock_timestamp())
      ORDER BY f.id LIMIT 200 LOOP
    RETURN NEXT place('again', NULL, w);
  END LOOP;
END $$;

-- Ends up to 200 leases whose time is over and that no other replica is just ending.
CREATE FUNCTION sweep() RETURNS SETOF lease LANGUAGE plpgsql AS $$
DECLARE
  l lease;
BEGIN
  FOR l IN SELECT x.* FROM lease x WHERE x.status = 'held' AND x.expires_at <= clock_timestamp()
      ORDER BY x.expires_at LIMIT 200 FOR UPDATE SKIP LOCKED LOOP
    l := expire(l.id);
    IF l.id IS NOT NULL THEN
      RETURN NEXT l;
    END IF;
  END LOOP;
END $$;
