-- The log by days of received_at (UTC): what is past its retention leaves as a whole table, and a list or count looks into the
-- days it is about. An id is unique by the inbox, which all four priorities share: a partitioned table can hold no other key.
ALTER TABLE event_log RENAME TO event_log_before;
ALTER TABLE event_log_before DROP CONSTRAINT event_log_pkey;
ALTER TABLE event_log_before DROP CONSTRAINT event_log_id_key;
DROP INDEX event_log_pending, event_log_team, event_log_team_type, event_log_plan, event_log_received, event_log_owner;

CREATE SEQUENCE event_log_order;

CREATE TABLE event_log (
  seq         bigint      NOT NULL DEFAULT nextval('event_log_order'),
  id          uuid        NOT NULL,
  source      text        NOT NULL,
  type        text        NOT NULL,
  subject     text,
  priority    text        NOT NULL CHECK (priority IN ('critical', 'high', 'normal', 'low')),
  team        text        NOT NULL,
  actor       text,
  plan_id     uuid,
  trace_id    text,
  owner       text,
  time        timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  data        jsonb       NOT NULL,
  -- pending: the registry was not asked yet or did not answer; unhandled: no agent wants it.
  routing     text        NOT NULL DEFAULT 'pending' CHECK (routing IN ('pending', 'routed', 'unhandled')),
  routed_to   jsonb       NOT NULL DEFAULT '[]',
  routed_at   timestamptz,
  PRIMARY KEY (received_at, seq)
) PARTITION BY RANGE (received_at);
ALTER SEQUENCE event_log_order OWNED BY event_log.seq;

CREATE INDEX event_log_id ON event_log (id);
CREATE INDEX event_log_pending ON event_log (priority, seq) WHERE routing = 'pending';
CREATE INDEX event_log_team ON event_log (team, received_at DESC, seq DESC);
CREATE INDEX event_log_team_type ON event_log (team, type text_pattern_ops, received_at DESC, seq DESC);
CREATE INDEX event_log_plan ON event_log (plan_id, received_at DESC, seq DESC) WHERE plan_id IS NOT NULL;

-- Makes the table of one day unless it is there. Attached, not made in place: that would stop every reader meanwhile.
CREATE FUNCTION event_log_add_day(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  name text := 'event_log_' || to_char(day, 'YYYYMMDD');
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('event_log_add_day'), hashtext(current_schema()));
  IF to_regclass(format('%I.%I', current_schema(), name)) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE event_log INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
  EXECUTE format('ALTER TABLE event_log ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
    name, (day::timestamp AT TIME ZONE 'UTC'), ((day + 1)::timestamp AT TIME ZONE 'UTC'));
  RETURN true;
END
$$;

SELECT event_log_add_day(day) FROM (
  SELECT DISTINCT (received_at AT TIME ZONE 'UTC')::date AS day FROM event_log_before
  UNION SELECT (now() AT TIME ZONE 'UTC')::date + ahead FROM generate_series(0, 3) AS ahead) AS days;

INSERT INTO event_log (seq, id, source, type, subject, priority, team, actor, plan_id, trace_id, owner, time, received_at, data,
                       routing, routed_to, routed_at)
SELECT seq, id, source, type, subject, priority, team, actor, plan_id, trace_id, owner, time, received_at, data, routing,
       routed_to, routed_at FROM event_log_before ORDER BY seq;
SELECT setval('event_log_order', coalesce((SELECT max(seq) FROM event_log_before), 0) + 1, false);

-- What is in the log already and comes once more is known to the inbox they share from now on.
INSERT INTO inbox (queue, message_id, received_at)
SELECT 'skein.runtime.events', id, received_at FROM event_log_before WHERE received_at > now() - interval '7 days'
ON CONFLICT DO NOTHING;

DROP TABLE event_log_before;
