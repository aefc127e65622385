-- What the repository holds; the files are the truth, this keeps identities, change times and what was there before.
CREATE TABLE playbook (
  id             uuid PRIMARY KEY,
  path           text        NOT NULL UNIQUE,
  content_sha256 text,
  broken         text,
  document       jsonb       NOT NULL,
  updated_at     timestamptz NOT NULL,
  removed_at     timestamptz
);

-- What ansible-inventory said about an inventory of this content: asking costs most of a second.
CREATE TABLE inventory (
  path           text PRIMARY KEY,
  content_sha256 text  NOT NULL,
  document       jsonb NOT NULL
);

-- One piece of work. The states and who may change them are drawn in io.skein.infra.run.RunState.
CREATE TABLE run (
  request_id    uuid PRIMARY KEY,
  plan_id       uuid,
  step_id       uuid,
  playbook      text,
  state         text        NOT NULL,
  from_agent    text        NOT NULL,
  to_agent      text        NOT NULL,
  trace_id      text,
  request       jsonb       NOT NULL,
  received_at   timestamptz NOT NULL,
  agent_id      text,
  instance_id   uuid,
  lease_until   timestamptz,
  process_id    bigint,
  process_start timestamptz,
  started_at    timestamptz,
  finished_at   timestamptz,
  last_sequence bigint      NOT NULL DEFAULT 0,
  cancel_reason text,
  answer_type   text,
  answer        jsonb,
  CONSTRAINT run_state CHECK (state IN
    ('accepted', 'running', 'completed', 'failed', 'cancelled', 'interrupted', 'refused')),
  -- The evidence for "answered": no end state without the answer that was sent.
  CONSTRAINT run_answered CHECK ((state IN ('accepted', 'running')) = (answer IS NULL))
);
CREATE INDEX run_open ON run (state, received_at) WHERE state IN ('accepted', 'running');

-- Cancel orders, also for work that has not arrived yet.
CREATE TABLE cancellation (
  request_id uuid PRIMARY KEY,
  reason     text,
  at         timestamptz NOT NULL
);

-- The highest lock token seen per resource. A lower one comes from somebody who lost the lock and does not know it.
CREATE TABLE fencing_token (
  resource   text PRIMARY KEY,
  highest    bigint      NOT NULL,
  request_id uuid        NOT NULL,
  at         timestamptz NOT NULL
);
