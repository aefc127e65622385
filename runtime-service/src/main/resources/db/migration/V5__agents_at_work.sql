-- How many agents in a row led to an event.
ALTER TABLE event_log ADD COLUMN hops int NOT NULL DEFAULT 0;

-- An agent of a team at work: its definition as it was when it was started.
CREATE TABLE instance (
  id          uuid PRIMARY KEY,
  team        text        NOT NULL,
  agent       text        NOT NULL,
  version     text        NOT NULL,
  definition  jsonb       NOT NULL,
  -- Whether it is one of several of the same version on purpose.
  another     boolean     NOT NULL DEFAULT false,
  -- What somebody wants of it; idle and running are told apart by its tasks.
  state       text        NOT NULL CHECK (state IN ('active', 'paused', 'error', 'stopped')),
  reason      text,
  failures    int         NOT NULL DEFAULT 0,
  started_by  text        NOT NULL,
  started_at  timestamptz NOT NULL,
  changed_at  timestamptz NOT NULL,
  stopped_at  timestamptz,
  -- Who works on its tasks, until when, and how often that changed: a number only the newest holder knows.
  holder      uuid,
  lease_until timestamptz,
  fence       bigint      NOT NULL DEFAULT 0
);
-- Decides between two starts at once.
CREATE UNIQUE INDEX instance_one ON instance (team, agent, version) WHERE state <> 'stopped' AND NOT another;
CREATE INDEX instance_team ON instance (team, id DESC);
CREATE INDEX instance_agent ON instance (team, agent) WHERE state <> 'stopped';

CREATE TABLE task (
  id            uuid PRIMARY KEY,
  instance_id   uuid        NOT NULL REFERENCES instance (id),
  team          text        NOT NULL,
  agent         text        NOT NULL,
  version       text        NOT NULL,
  name          text        NOT NULL,
  status        text        NOT NULL CHECK (status IN ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
  waiting_for   text,
  waiting_plan  uuid,
  event         jsonb       NOT NULL,
  -- The event that woke the agent, or the key under which the task was given: neither makes two tasks.
  event_id      uuid,
  given_key     text,
  parent_id     uuid REFERENCES task (id),
  depth         int         NOT NULL DEFAULT 0,
  rank          int         NOT NULL,
  hops          int         NOT NULL,
  owner         text,
  asked_by      text,
  trace_id      text        NOT NULL,
  created_at    timestamptz NOT NULL,
  started_at    timestamptz,
  finished_at   timestamptz,
  -- Waiting for people does not count as its time: how long it did, and since when it does.
  people_millis bigint      NOT NULL DEFAULT 0,
  people_since  timestamptz,
  due_at        timestamptz,
  cost_usd      numeric(14, 6) NOT NULL DEFAULT 0,
  code          text,
  summary       text,
  cancel_by     text,
  cancel_reason text,
  cancel_at     timestamptz,
  -- Why it failed by that, when it was not a person who cancelled it.
  cancel_code   text
);
CREATE UNIQUE INDEX task_event ON task (instance_id, event_id) WHERE event_id IS NOT NULL;
CREATE UNIQUE INDEX task_given ON task (instance_id, given_key) WHERE given_key IS NOT NULL;
CREATE INDEX task_open ON task (instance_id, status) WHERE status IN ('queued', 'running', 'waiting');
CREATE INDEX task_team ON task (team, id DESC);
CREATE INDEX task_parent ON task (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX task_plan ON task (waiting_plan) WHERE waiting_plan IS NOT NULL;
CREATE INDEX task_finished ON task (team, agent, finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE task_step (
  task_id     uuid        NOT NULL REFERENCES task (id),
  number      int         NOT NULL,
  skill       text        NOT NULL,
  label       text,
  input       jsonb       NOT NULL,
  note        text,
  status      text        NOT NULL CHECK (status IN ('asking', 'running', 'waiting', 'retry', 'done', 'failed')),
  attempt     int         NOT NULL DEFAULT 1,
  waiting_on  text,
  reference   text,
  plan_id     uuid,
  output      jsonb,
  code        text,
  message     text,
  released_by text,
  -- It took something that has to be kept, and given back when the task ends.
  kept        boolean     NOT NULL DEFAULT false,
  kept_at     timestamptz,
  cost_usd    numeric(14, 6) NOT NULL DEFAULT 0,
  created_at  timestamptz NOT NULL,
  started_at  timestamptz,
  finished_at timestamptz,
  PRIMARY KEY (task_id, number)
);
CREATE INDEX task_step_kept ON task_step (task_id) WHERE kept;

-- Chains of agents that were stopped, so that it is told once.
CREATE TABLE loop_stopped (
  team       text        NOT NULL,
  agent      text        NOT NULL,
  chain      text        NOT NULL,
  stopped_at timestamptz NOT NULL,
  PRIMARY KEY (team, agent, chain)
);
CREATE INDEX loop_stopped_at ON loop_stopped (stopped_at);
