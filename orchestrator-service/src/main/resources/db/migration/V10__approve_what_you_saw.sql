-- What exactly was approved, by which rule, and what a plan undoes.
ALTER TABLE plan
    ADD COLUMN approved_hash text,
    ADD COLUMN approval_mode text,
    ADD COLUMN approval_rule text,
    ADD COLUMN rollback_of   uuid REFERENCES plan (id);
CREATE INDEX plan_rollback ON plan (rollback_of) WHERE rollback_of IS NOT NULL;

-- What a person should know about a version beside its steps, and why the approval of the version before it lapsed.
ALTER TABLE plan_version
    ADD COLUMN notes  jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN lapsed jsonb;

-- shape: playbook, content, place and kinds of variables as one digest; equal steps have equal shapes, whatever the values.
-- carried_from: the step of an earlier version that ran, when this one stands for it and did not.
ALTER TABLE step
    ADD COLUMN shape         text,
    ADD COLUMN carried_from  uuid REFERENCES step (id),
    ADD COLUMN refusal_code  text,
    ADD COLUMN changed_files jsonb;
CREATE INDEX step_shape ON step (shape, finished_at DESC) WHERE shape IS NOT NULL AND finished_at IS NOT NULL;

-- What each step of a version would change. The newest request of a step counts; answers to earlier ones are late.
CREATE TABLE preview (
    plan_id     uuid NOT NULL REFERENCES plan (id),
    version     int NOT NULL,
    number      int NOT NULL,
    step_id     uuid NOT NULL,
    request_id  uuid NOT NULL UNIQUE,
    status      text NOT NULL CHECK (status IN ('asked', 'ready', 'failed', 'unavailable', 'stale', 'stopped')),
    reason      text,
    hosts       jsonb,
    tasks       jsonb,
    total       int,
    truncated   boolean NOT NULL DEFAULT false,
    asked_by    text NOT NULL,
    asked_at    timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (plan_id, version, number)
);

-- Who has approved a version where one person is not enough.
CREATE TABLE plan_approval (
    plan_id   uuid NOT NULL REFERENCES plan (id),
    version   int NOT NULL,
    approver  text NOT NULL,
    plan_hash text NOT NULL,
    at        timestamptz NOT NULL,
    PRIMARY KEY (plan_id, version, approver)
);

-- Agents that failed: how often in a row, and until when they are left alone. No row: all is well.
CREATE TABLE agent_breaker (
    team       text NOT NULL,
    agent      text NOT NULL,
    failures   int NOT NULL,
    open_until timestamptz,
    PRIMARY KEY (team, agent)
);

-- Parts of answers that are not complete yet.
CREATE TABLE work_chunk (
    message_id uuid NOT NULL,
    index      int NOT NULL,
    data       bytea NOT NULL,
    at         timestamptz NOT NULL,
    PRIMARY KEY (message_id, index)
);
CREATE INDEX work_chunk_at ON work_chunk (at);
