-- One row per resource that was ever locked. It is locked FOR UPDATE while somebody is granted the resource, so that two
-- grants of one resource never overlap, and it is never deleted, because the fencing token must never start again.
CREATE TABLE resource (
  team          text             NOT NULL,
  name          text COLLATE "C" NOT NULL,
  fencing_token bigint           NOT NULL DEFAULT 0,
  lease_id      uuid,
  PRIMARY KEY (team, name)
);

CREATE FUNCTION refuse_older_fencing_token() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'resource %.% must stay: its fencing token would start again', OLD.team, OLD.name;
  END IF;
  IF NEW.fencing_token < OLD.fencing_token THEN
    RAISE EXCEPTION 'fencing token of %.% may only rise', OLD.team, OLD.name;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER fencing_token_only_rises BEFORE UPDATE OR DELETE ON resource
  FOR EACH ROW EXECUTE FUNCTION refuse_older_fencing_token();

-- One row per grant, kept for a while after its end. priority: 0 critical .. 3 low.
CREATE TABLE lease (
  id          uuid PRIMARY KEY,
  team        text        NOT NULL,
  owner_id    text        NOT NULL,
  owner_type  text        NOT NULL,
  actor       text        NOT NULL,
  priority    smallint    NOT NULL,
  request_id  text,
  ttl_seconds int         NOT NULL,
  metadata    jsonb,
  trace_id    text,
  status      text        NOT NULL CHECK (status IN ('held', 'released', 'expired', 'overridden')),
  granted_at  timestamptz NOT NULL,
  expires_at  timestamptz NOT NULL,
  ended_at    timestamptz,
  ended_by    text
);
CREATE INDEX lease_held_until ON lease (expires_at) WHERE status = 'held';
CREATE INDEX lease_held_of_team ON lease (team, id) WHERE status = 'held';
CREATE INDEX lease_ended ON lease (ended_at) WHERE status <> 'held';
CREATE UNIQUE INDEX lease_held_for_request ON lease (team, owner_id, request_id)
  WHERE status = 'held' AND request_id IS NOT NULL;

CREATE TABLE lease_resource (
  lease_id      uuid             NOT NULL REFERENCES lease ON DELETE CASCADE,
  team          text             NOT NULL,
  name          text COLLATE "C" NOT NULL,
  fencing_token bigint           NOT NULL,
  PRIMARY KEY (lease_id, name),
  UNIQUE (team, name, fencing_token)
);

-- Who waits. seq is the order of arrival: it is drawn under the row locks of the resources, so it is the order of commit
-- among those that compete. A waiter whose process died stops counting at alive_until.
CREATE TABLE waiter (
  id          uuid PRIMARY KEY,
  seq         bigint GENERATED ALWAYS AS IDENTITY,
  team        text        NOT NULL,
  owner_id    text        NOT NULL,
  owner_type  text        NOT NULL,
  actor       text        NOT NULL,
  priority    smallint    NOT NULL,
  request_id  text,
  ttl_seconds int         NOT NULL,
  metadata    jsonb,
  trace_id    text,
  arrived_at  timestamptz NOT NULL,
  wait_until  timestamptz NOT NULL,
  alive_until timestamptz NOT NULL,
  lease_id    uuid
);
CREATE UNIQUE INDEX waiter_for_request ON waiter (team, owner_id, request_id)
  WHERE lease_id IS NULL AND request_id IS NOT NULL;
CREATE INDEX waiter_in_order ON waiter (team, priority, seq) WHERE lease_id IS NULL;

CREATE TABLE waiter_resource (
  waiter_id uuid             NOT NULL REFERENCES waiter ON DELETE CASCADE,
  team      text             NOT NULL,
  name      text COLLATE "C" NOT NULL,
  PRIMARY KEY (waiter_id, name)
);
CREATE INDEX waiter_resource_by_name ON waiter_resource (team, name);
