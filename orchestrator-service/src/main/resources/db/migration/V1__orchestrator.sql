-- Sessions and what was said in them.
CREATE TABLE session (
    id         uuid PRIMARY KEY,
    team       text NOT NULL,
    owner      text NOT NULL,
    title      text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX session_owner ON session (team, owner, id DESC);

CREATE TABLE message (
    id         uuid PRIMARY KEY,
    session_id uuid NOT NULL REFERENCES session (id),
    role       text NOT NULL CHECK (role IN ('user', 'assistant')),
    text       text NOT NULL,
    plan_id    uuid,
    created_at timestamptz NOT NULL
);
CREATE INDEX message_session ON message (session_id, id);

-- What was asked, exactly as it came. The Idempotency-Key makes a repeat return the first plan.
CREATE TABLE request (
    id              uuid PRIMARY KEY,
    session_id      uuid NOT NULL REFERENCES session (id),
    team            text NOT NULL,
    requested_by    text NOT NULL,
    text            text NOT NULL,
    text_key        text NOT NULL,
    priority        text NOT NULL,
    high_value      boolean NOT NULL,
    inventory       text,
    idempotency_key text,
    body_sha256     text NOT NULL,
    plan_id         uuid NOT NULL,
    trace_id        text,
    created_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX request_idempotency ON request (team, requested_by, idempotency_key) WHERE idempotency_key IS NOT NULL;
CREATE INDEX request_text ON request (team, requested_by, text_key);

CREATE TABLE plan (
    id                uuid PRIMARY KEY,
    request_id        uuid NOT NULL REFERENCES request (id) DEFERRABLE INITIALLY DEFERRED,
    session_id        uuid NOT NULL REFERENCES session (id),
    team              text NOT NULL,
    requested_by      text NOT NULL,
    text              text NOT NULL,
    priority          text NOT NULL,
    high_value        boolean NOT NULL,
    inventory         text,
    planner_name      text NOT NULL,
    planner_reason    text NOT NULL,
    version           int NOT NULL,
    plan_hash         text NOT NULL,
    status            text NOT NULL,
    status_reason     text,
    created_at        timestamptz NOT NULL,
    updated_at        timestamptz NOT NULL,
    approved_by       text,
    approved_at       timestamptz,
    rejected_reason   text,
    started_at        timestamptz,
    finished_at       timestamptz,
    cancelled_by      text,
    cancel_reason     text,
    audit_commit      text,
    trace_id          text,
    last_seq          bigint NOT NULL DEFAULT 0,
    -- the lock on the hosts
    lock_id           text,
    lock_attempt      int NOT NULL DEFAULT 0,
    lock_expires_at   timestamptz,
    fencing_tokens    jsonb,
    -- who works on it right now, and when somebody should look at it again
    claimed_until     timestamptz,
    attend_at         timestamptz
);
CREATE INDEX plan_owner ON plan (team, requested_by, id DESC);
CREATE INDEX plan_attend ON plan (attend_at) WHERE attend_at IS NOT NULL;
CREATE INDEX plan_status ON plan (status);

-- Every version stays readable; the newest one counts.
CREATE TABLE plan_version (
    plan_id           uuid NOT NULL REFERENCES plan (id),
    version           int NOT NULL,
    plan_hash         text NOT NULL,
    questions         jsonb NOT NULL,
    hosts             jsonb NOT NULL,
    estimated_seconds bigint NOT NULL,
    created_by        text NOT NULL,
    created_at        timestamptz NOT NULL,
    summary           text NOT NULL,
    PRIMARY KEY (plan_id, version)
);

CREATE TABLE step (
    id            uuid PRIMARY KEY,
    plan_id       uuid NOT NULL REFERENCES plan (id),
    version       int NOT NULL,
    number        int NOT NULL,
    spec          jsonb NOT NULL,
    playbook      text NOT NULL,
    agent         text,
    status        text NOT NULL,
    status_reason text,
    attempt       int NOT NULL DEFAULT 0,
    retry_at      timestamptz,
    dispatched_at timestamptz,
    started_at    timestamptz,
    finished_at   timestamptz,
    exit_code     int,
    outcome       jsonb,
    audit_commit  text,
    UNIQUE (plan_id, version, number)
);
CREATE INDEX step_history ON step (playbook, finished_at DESC) WHERE finished_at IS NOT NULL;
CREATE INDEX step_agent ON step (agent, finished_at DESC) WHERE finished_at IS NOT NULL;

-- The live stream of a plan. seq is taken under the plan's row lock, so it has no gaps and grows in commit order.
CREATE TABLE plan_event (
    plan_id       uuid NOT NULL REFERENCES plan (id),
    seq           bigint NOT NULL,
    at            timestamptz NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('plan', 'step', 'task')),
    step_id       uuid,
    step_number   int,
    work_sequence bigint,
    status        text,
    reason        text,
    task          jsonb,
    PRIMARY KEY (plan_id, seq)
);
CREATE UNIQUE INDEX plan_event_work ON plan_event (step_id, work_sequence) WHERE work_sequence IS NOT NULL;
