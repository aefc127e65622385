-- Messages that died in some queue of the fleet, as they were, for an administrator to look at, give back or throw away.
CREATE TABLE dead_letter (
  id           uuid        PRIMARY KEY,
  queue        text        NOT NULL,
  reason       text        NOT NULL,
  verdict      text        NOT NULL CHECK (verdict IN ('failed', 'malformed', 'refused', 'buried')),
  detail       text        NOT NULL,
  exchange     text        NOT NULL,
  routing_key  text        NOT NULL,
  sender       text        NOT NULL,
  message_id   text,
  content_type text,
  headers      jsonb       NOT NULL,
  -- The beginning of it, when it is larger than what is kept.
  body         bytea       NOT NULL,
  size         integer     NOT NULL,
  died_at      timestamptz NOT NULL,
  received_at  timestamptz NOT NULL,
  replayed_at  timestamptz,
  replayed_by  text
);
CREATE INDEX dead_letter_queue ON dead_letter (queue, id DESC);
CREATE INDEX dead_letter_received ON dead_letter (received_at);
