-- Definitions in full: drafts, publishing, search.

ALTER TABLE agent_definition
  DROP COLUMN version_key,
  -- json keeps the order in which somebody wrote it.
  ALTER COLUMN document TYPE json USING document::json,
  -- New with every change, and never the same again: what If-Match names.
  ADD COLUMN etag          uuid        NOT NULL DEFAULT gen_random_uuid(),
  -- The newest published version of its team: the newest release, or the newest pre-release while there is no release.
  ADD COLUMN newest        boolean     NOT NULL DEFAULT false,
  ADD COLUMN type          text        NOT NULL DEFAULT 'specialist',
  ADD COLUMN tags          text[]      NOT NULL DEFAULT '{}',
  ADD COLUMN words         tsvector    NOT NULL DEFAULT '',
  ADD COLUMN created_at    timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN created_by    text        NOT NULL DEFAULT 'skein',
  ADD COLUMN updated_at    timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN deprecated_at timestamptz,
  ADD CHECK (status = 'published' OR NOT newest);

-- What shipped before there was a schema names skills that never existed.
UPDATE agent_definition SET status = 'deprecated', deprecated_at = now(), updated_at = now() WHERE status = 'published';

CREATE UNIQUE INDEX agent_definition_newest ON agent_definition (team, id) WHERE newest;
CREATE INDEX agent_definition_words ON agent_definition USING gin (words);

-- Draft, published, deprecated, in this direction only; what was published is neither changed nor removed. The service says so
-- itself; this is for everything that is not the service.
CREATE FUNCTION agent_definition_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.status = 'draft' THEN
    IF TG_OP = 'DELETE' THEN
      RETURN OLD;
    END IF;
    IF NEW.status = 'deprecated' THEN
      RAISE EXCEPTION '% % is a draft and cannot be deprecated', OLD.id, OLD.version USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION '% % was published and stays', OLD.id, OLD.version USING ERRCODE = 'check_violation';
  END IF;
  IF ROW(NEW.team, NEW.id, NEW.version, NEW.document::text, NEW.published_at)
     IS DISTINCT FROM ROW(OLD.team, OLD.id, OLD.version, OLD.document::text, OLD.published_at) THEN
    RAISE EXCEPTION '% % was published and does not change', OLD.id, OLD.version USING ERRCODE = 'check_violation';
  END IF;
  IF NEW.status <> OLD.status AND NOT (OLD.status = 'published' AND NEW.status = 'deprecated') THEN
    RAISE EXCEPTION '% % cannot become % again', OLD.id, OLD.version, NEW.status USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER agent_definition_guard BEFORE UPDATE OR DELETE ON agent_definition
  FOR EACH ROW EXECUTE FUNCTION agent_definition_guard();

-- What the runtime tells of instances and tasks, for the status and the success rate of an agent.
CREATE TABLE agent_instance (
  team        text        NOT NULL,
  instance_id text        NOT NULL,
  agent       text        NOT NULL,
  state       text        NOT NULL CHECK (state IN ('running', 'paused', 'stopped', 'failed')),
  -- The runtime's clock; what was overtaken changes nothing.
  told_at     timestamptz NOT NULL,
  PRIMARY KEY (team, instance_id)
);
CREATE INDEX agent_instance_agent ON agent_instance (team, agent);

CREATE TABLE agent_task (
  team    text        NOT NULL,
  task_id text        NOT NULL,
  agent   text        NOT NULL,
  ended   boolean     NOT NULL,
  begun   boolean     NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (team, task_id)
);
CREATE INDEX agent_task_open ON agent_task (team, agent) WHERE NOT ended;
CREATE INDEX agent_task_ended ON agent_task (told_at) WHERE ended;

CREATE TABLE agent_tally (
  team          text        NOT NULL,
  agent         text        NOT NULL,
  succeeded     bigint      NOT NULL,
  failed        bigint      NOT NULL,
  cancelled     bigint      NOT NULL,
  last_ended_at timestamptz NOT NULL,
  PRIMARY KEY (team, agent)
);
