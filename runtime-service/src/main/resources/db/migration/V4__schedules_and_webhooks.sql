-- Events that come by the clock: again and again (cron in a time zone) or once (at).
CREATE TABLE schedule (
  id          uuid        PRIMARY KEY,
  team        text        NOT NULL,
  name        text        NOT NULL,
  cron        text,
  zone        text,
  at          timestamptz,
  missed      text        NOT NULL CHECK (missed IN ('skip', 'once', 'all')),
  event_type  text        NOT NULL,
  subject     text,
  priority    text        NOT NULL CHECK (priority IN ('critical', 'high', 'normal', 'low')),
  data        jsonb       NOT NULL,
  -- ended: a one-shot that has fired, or a cron that never fires again.
  state       text        NOT NULL CHECK (state IN ('active', 'paused', 'ended')),
  next_at     timestamptz,
  created_by  text        NOT NULL,
  changed_by  text        NOT NULL,
  created_at  timestamptz NOT NULL,
  changed_at  timestamptz NOT NULL,
  version     bigint      NOT NULL DEFAULT 1,
  CHECK ((cron IS NULL) <> (at IS NULL)),
  CHECK ((cron IS NULL) = (zone IS NULL)),
  CHECK ((state = 'active') = (next_at IS NOT NULL))
);
CREATE INDEX schedule_due ON schedule (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX schedule_team ON schedule (team, id DESC);

-- Each due time once: whoever comes second finds it here.
CREATE TABLE schedule_firing (
  schedule_id uuid        NOT NULL REFERENCES schedule ON DELETE CASCADE,
  due_at      timestamptz NOT NULL,
  decided_at  timestamptz NOT NULL,
  outcome     text        NOT NULL CHECK (outcome IN ('fired', 'missed')),
  event_id    uuid,
  PRIMARY KEY (schedule_id, due_at),
  CHECK ((outcome = 'fired') = (event_id IS NOT NULL))
);
CREATE INDEX schedule_firing_decided ON schedule_firing (decided_at);

-- Doors for others. A secret is sealed with SKEIN_RUNTIME_KEY_SECRET: it has to be known to check an HMAC.
CREATE TABLE webhook (
  id              uuid        PRIMARY KEY,
  team            text        NOT NULL,
  name            text        NOT NULL,
  format          text        NOT NULL CHECK (format IN ('generic', 'github', 'alertmanager')),
  event_type      text,
  priority        text        CHECK (priority IN ('critical', 'high', 'normal', 'low')),
  subject         text,
  enabled         boolean     NOT NULL,
  secret          bytea       NOT NULL,
  previous_secret bytea,
  previous_until  timestamptz,
  created_by      text        NOT NULL,
  changed_by      text        NOT NULL,
  created_at      timestamptz NOT NULL,
  changed_at      timestamptz NOT NULL,
  version         bigint      NOT NULL DEFAULT 1,
  CHECK ((format = 'generic') = (event_type IS NOT NULL)),
  CHECK ((previous_secret IS NULL) = (previous_until IS NULL))
);
CREATE INDEX webhook_team ON webhook (team, id DESC);

-- What came through each, apart from what people change: counting changes no version.
CREATE TABLE webhook_count (
  webhook_id       uuid        PRIMARY KEY REFERENCES webhook ON DELETE CASCADE,
  accepted         bigint      NOT NULL DEFAULT 0,
  refused          bigint      NOT NULL DEFAULT 0,
  accepted_at      timestamptz,
  refused_at       timestamptz,
  -- Refusals are told at most once a minute: when last, and how many there were by then.
  told_at          timestamptz,
  told             bigint      NOT NULL DEFAULT 0,
  -- The minute that is being counted for the rate limit.
  minute           timestamptz,
  in_minute        integer     NOT NULL DEFAULT 0
);

-- What was delivered before: ids the sender gave, and hashes of what it signed.
CREATE TABLE webhook_seen (
  webhook_id  uuid        NOT NULL REFERENCES webhook ON DELETE CASCADE,
  key         text        NOT NULL,
  event_id    uuid        NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (webhook_id, key)
);
CREATE INDEX webhook_seen_received ON webhook_seen (received_at);
