-- Sessions: archived ones are read only; a deleted one is nobody's any more, its row stays for the plans that came out of it.
ALTER TABLE session ADD COLUMN archived_at timestamptz;
ALTER TABLE session ADD COLUMN deleted_at timestamptz;
ALTER TABLE session ADD COLUMN revision bigint NOT NULL DEFAULT 1;
CREATE INDEX plan_session ON plan (session_id, id DESC);

-- Who made an entry of a plan's stream; null in entries older than this.
ALTER TABLE plan_event ADD COLUMN actor text;
-- 'activity': what people and agents did about a plan that moved neither it nor a step.
ALTER TABLE plan_event DROP CONSTRAINT plan_event_kind_check;
ALTER TABLE plan_event ADD CONSTRAINT plan_event_kind_check CHECK (kind IN ('plan', 'step', 'task', 'activity'));

-- What people and agents set themselves to do. A plan's execution is a task, too, but never a row here: see task_view.
CREATE TABLE task (
    id            uuid PRIMARY KEY,
    team          text NOT NULL,
    owner         text NOT NULL,
    parent_id     uuid REFERENCES task (id) ON DELETE CASCADE,
    session_id    uuid REFERENCES session (id),
    title         text NOT NULL,
    description   text,
    status        text NOT NULL CHECK (status IN ('pending', 'in_progress', 'completed', 'failed', 'cancelled')),
    status_reason text,
    priority      text NOT NULL CHECK (priority IN ('low', 'medium', 'high', 'urgent')),
    agent         text,
    metadata      jsonb NOT NULL,
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    started_at    timestamptz,
    finished_at   timestamptz,
    revision      bigint NOT NULL DEFAULT 1,
    last_seq      bigint NOT NULL DEFAULT 0,
    search        tsvector NOT NULL GENERATED ALWAYS AS
        (setweight(to_tsvector('english', title), 'A') || setweight(to_tsvector('english', coalesce(description, '')), 'B')) STORED
);
CREATE INDEX task_owner ON task (team, owner, id DESC);
CREATE INDEX task_parent ON task (parent_id, id) WHERE parent_id IS NOT NULL;
CREATE INDEX task_search ON task USING gin (search);

-- What happened to a task of its own kind; seq is taken under the task's row lock.
CREATE TABLE task_event (
    task_id uuid NOT NULL REFERENCES task (id) ON DELETE CASCADE,
    seq     bigint NOT NULL,
    at      timestamptz NOT NULL,
    kind    text NOT NULL CHECK (kind IN ('task', 'activity')),
    actor   text NOT NULL,
    status  text NOT NULL,
    reason  text,
    PRIMARY KEY (task_id, seq)
);

-- What may be said about the task that a plan is. Beside the plan's row, because that one changes often and this seldom: an index
-- over words on it would be written at every transition.
CREATE TABLE plan_note (
    plan_id     uuid PRIMARY KEY REFERENCES plan (id),
    description text,
    metadata    jsonb NOT NULL DEFAULT '{}',
    revision    bigint NOT NULL DEFAULT 1,
    updated_at  timestamptz NOT NULL,
    search      tsvector NOT NULL
);
CREATE INDEX plan_note_search ON plan_note USING gin (search);

CREATE FUNCTION plan_words(request text, description text) RETURNS tsvector LANGUAGE sql IMMUTABLE AS
$$ SELECT setweight(to_tsvector('english', request), 'A') || setweight(to_tsvector('english', coalesce(description, '')), 'B') $$;

-- Whoever writes a plan's text writes what it is found by: a secret that is taken out of the text is no longer found either.
CREATE FUNCTION plan_noted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO plan_note (plan_id, updated_at, search) VALUES (NEW.id, NEW.created_at, plan_words(NEW.text, NULL))
    ON CONFLICT (plan_id) DO UPDATE SET search = plan_words(NEW.text, plan_note.description);
    RETURN NULL;
END $$;
CREATE TRIGGER plan_noted_insert AFTER INSERT ON plan FOR EACH ROW EXECUTE FUNCTION plan_noted();
CREATE TRIGGER plan_noted_text AFTER UPDATE OF text ON plan FOR EACH ROW
    WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION plan_noted();
INSERT INTO plan_note (plan_id, updated_at, search) SELECT id, created_at, plan_words(text, NULL) FROM plan;

-- The one list of tasks. What a plan or a step is as a task is read off its row and never written down a second time, so the two
-- cannot differ, whatever crashes when. States this does not know are told by whether it was started.
CREATE VIEW task_view AS
SELECT t.id, 'own' AS kind, t.team, t.owner, t.parent_id, t.session_id, NULL::uuid AS plan_id, NULL::int AS number, t.title,
       t.description, t.status, t.status_reason, t.priority, t.agent, t.metadata, t.created_by, t.created_at, t.updated_at,
       t.started_at, t.finished_at, t.revision, t.search
FROM task t
UNION ALL
SELECT p.id, 'plan', p.team, p.requested_by, NULL, p.session_id, p.id, NULL, p.text, n.description,
       CASE WHEN p.status = 'completed' THEN 'completed'
            WHEN p.status IN ('failed', 'interrupted') THEN 'failed'
            WHEN p.status IN ('cancelled', 'rejected') THEN 'cancelled'
            WHEN p.started_at IS NULL THEN 'pending'
            ELSE 'in_progress' END,
       coalesce(p.status_reason, p.rejected_reason),
       CASE p.priority WHEN 'critical' THEN 'urgent' WHEN 'high' THEN 'high' WHEN 'low' THEN 'low' ELSE 'medium' END,
       NULL, n.metadata, p.requested_by, p.created_at, greatest(p.updated_at, n.updated_at), p.started_at, p.finished_at, n.revision,
       n.search
FROM plan p JOIN plan_note n ON n.plan_id = p.id
UNION ALL
SELECT s.id, 'step', p.team, p.requested_by, p.id, p.session_id, p.id, s.number, s.spec ->> 'name', NULL,
       CASE WHEN s.status = 'completed' THEN 'completed'
            WHEN s.status IN ('failed', 'interrupted', 'refused') THEN 'failed'
            WHEN s.status IN ('cancelled', 'skipped') THEN 'cancelled'
            WHEN s.dispatched_at IS NULL THEN CASE WHEN p.status IN ('rejected', 'cancelled') THEN 'cancelled' ELSE 'pending' END
            ELSE 'in_progress' END,
       s.status_reason,
       CASE p.priority WHEN 'critical' THEN 'urgent' WHEN 'high' THEN 'high' WHEN 'low' THEN 'low' ELSE 'medium' END,
       s.agent, '{}'::jsonb, v.created_by, v.created_at,
       greatest(v.created_at, s.dispatched_at, s.started_at, s.finished_at), coalesce(s.started_at, s.dispatched_at), s.finished_at,
       1::bigint, ''::tsvector
FROM step s
JOIN plan p ON p.id = s.plan_id AND p.version = s.version
JOIN plan_version v ON v.plan_id = s.plan_id AND v.version = s.version;

-- A repeat of a creating call with the same Idempotency-Key finds what the first one made.
CREATE TABLE task_idempotency (
    team        text NOT NULL,
    actor       text NOT NULL,
    key         text NOT NULL,
    body_sha256 text NOT NULL,
    made        uuid NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (team, actor, key)
);

-- Where a person has to look before it goes on: before a step of a plan, before a task of its own kind starts or ends, or because
-- corrections led nowhere. Never changed but to say that it was reached and what was decided.
CREATE TABLE checkpoint (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('before_step', 'task', 'escalation')),
    task_id     uuid NOT NULL,
    plan_id     uuid REFERENCES plan (id),
    own_id      uuid REFERENCES task (id) ON DELETE CASCADE,
    step_id     uuid,
    step_number int,
    playbook    text,
    clause      text,
    question    text NOT NULL,
    status      text NOT NULL CHECK (status IN ('set', 'reached', 'continued', 'stopped')),
    created_by  text NOT NULL,
    created_at  timestamptz NOT NULL,
    reached_at  timestamptz,
    decided_by  text,
    decided_at  timestamptz,
    note        text
);
CREATE INDEX checkpoint_task ON checkpoint (task_id, id);
CREATE INDEX checkpoint_plan ON checkpoint (plan_id, id) WHERE plan_id IS NOT NULL;

-- What agents and people think of a task; what the rules think is read off the step's outcome.
CREATE TABLE evaluation (
    id         uuid PRIMARY KEY,
    task_id    uuid NOT NULL,
    plan_id    uuid REFERENCES plan (id),
    own_id     uuid REFERENCES task (id) ON DELETE CASCADE,
    evaluator  text NOT NULL CHECK (evaluator IN ('agent', 'person')),
    evaluated_by text NOT NULL,
    scores     jsonb NOT NULL,
    comment    text,
    created_at timestamptz NOT NULL
);
CREATE INDEX evaluation_task ON evaluation (task_id, id);

-- Guidance that sent a task back. root_id is what was corrected first: rounds are counted along it.
CREATE TABLE correction (
    id            uuid PRIMARY KEY,
    root_id       uuid NOT NULL,
    task_id       uuid NOT NULL,
    plan_id       uuid REFERENCES plan (id),
    own_id        uuid REFERENCES task (id) ON DELETE CASCADE,
    round         int NOT NULL,
    guidance      text NOT NULL,
    escalated     boolean NOT NULL,
    checkpoint_id uuid REFERENCES checkpoint (id) ON DELETE CASCADE,
    -- the plan that runs it again, and the playbook that is run again in it
    next_plan_id  uuid REFERENCES plan (id),
    playbook      text,
    created_by    text NOT NULL,
    created_at    timestamptz NOT NULL
);
CREATE INDEX correction_task ON correction (task_id, id);
CREATE INDEX correction_root ON correction (root_id, id);
CREATE UNIQUE INDEX correction_next ON correction (next_plan_id) WHERE next_plan_id IS NOT NULL;
