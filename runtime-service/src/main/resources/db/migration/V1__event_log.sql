-- Every event of the fleet, once, in the order it got here.
CREATE TABLE event_log (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          uuid        NOT NULL UNIQUE,
  source      text        NOT NULL,
  type        text        NOT NULL,
  subject     text,
  priority    text        NOT NULL CHECK (priority IN ('critical', 'high', 'normal', 'low')),
  team        text        NOT NULL,
  actor       text,
  plan_id     uuid,
  trace_id    text,
  time        timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  data        jsonb       NOT NULL,
  -- pending: the registry was not asked yet or did not answer; unhandled: no agent wants it.
  routing     text        NOT NULL DEFAULT 'pending' CHECK (routing IN ('pending', 'routed', 'unhandled')),
  routed_to   jsonb       NOT NULL DEFAULT '[]',
  routed_at   timestamptz
);
CREATE INDEX event_log_pending ON event_log (priority, seq) WHERE routing = 'pending';
CREATE INDEX event_log_team ON event_log (team, seq DESC);
CREATE INDEX event_log_team_type ON event_log (team, type text_pattern_ops, seq DESC);
CREATE INDEX event_log_plan ON event_log (plan_id, seq DESC) WHERE plan_id IS NOT NULL;
CREATE INDEX event_log_received ON event_log (received_at);

-- What an Idempotency-Key was used for.
CREATE TABLE published (
  team       text        NOT NULL,
  actor      text        NOT NULL,
  key        text        NOT NULL,
  event_id   uuid        NOT NULL,
  body_hash  bytea       NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (team, actor, key)
);
CREATE INDEX published_created ON published (created_at);
