-- Machines, from the heartbeats of their desktop agents.
CREATE TABLE node (
  team              text             NOT NULL,
  name              text             NOT NULL,
  status            text             NOT NULL CHECK (status IN ('online', 'offline')),
  cordoned          boolean          NOT NULL DEFAULT false,
  labels            jsonb            NOT NULL,
  agent_version     text,
  interval_seconds  integer          NOT NULL,
  resources         jsonb,
  registered_at     timestamptz      NOT NULL,
  -- When the registry received it: machines' clocks are not compared with ours.
  last_heartbeat_at timestamptz      NOT NULL,
  -- The machine's own clock, compared only with itself, to notice a heartbeat that was overtaken.
  last_sent_at      timestamptz      NOT NULL,
  offline_since     timestamptz,
  offline_reason    text,
  PRIMARY KEY (team, name)
);
CREATE INDEX node_online ON node (last_heartbeat_at) WHERE status = 'online';

-- A thinned-out trace of the figures, for plots.
CREATE TABLE node_history (
  team                   text             NOT NULL,
  name                   text             NOT NULL,
  at                     timestamptz      NOT NULL,
  cpu_used_fraction      double precision NOT NULL,
  load1                  double precision,
  memory_total_bytes     bigint           NOT NULL,
  memory_available_bytes bigint           NOT NULL,
  vram_total_bytes       bigint,
  vram_free_bytes        bigint,
  PRIMARY KEY (team, name, at),
  FOREIGN KEY (team, name) REFERENCES node ON DELETE CASCADE
);
CREATE INDEX node_history_at ON node_history (at);

-- Processes that take work, from their own heartbeats.
CREATE TABLE live_agent (
  agent_id          text        PRIMARY KEY,
  agent_type        text        NOT NULL,
  node              text        NOT NULL,
  team              text        NOT NULL,
  version           text,
  capabilities      jsonb       NOT NULL,
  slots             integer     NOT NULL,
  busy              integer     NOT NULL,
  interval_seconds  integer     NOT NULL,
  online            boolean     NOT NULL,
  offline_reason    text,
  first_seen_at     timestamptz NOT NULL,
  last_heartbeat_at timestamptz NOT NULL,
  last_sent_at      timestamptz NOT NULL
);

-- How the work of an agent ended. Apart from live_agent: the result may arrive before the agent's first heartbeat.
CREATE TABLE agent_outcomes (
  agent_id  text   PRIMARY KEY,
  succeeded bigint NOT NULL DEFAULT 0,
  failed    bigint NOT NULL DEFAULT 0
);

-- Agent definitions; a published version never changes. Team '*': shipped with Skein, everybody sees it.
CREATE TABLE agent_definition (
  team         text        NOT NULL,
  id           text        NOT NULL,
  version      text        NOT NULL,
  -- Sorts versions as semver does, release above pre-release.
  version_key  text        COLLATE "C" NOT NULL,
  status       text        NOT NULL CHECK (status IN ('draft', 'published', 'deprecated')),
  document     jsonb       NOT NULL,
  published_at timestamptz,
  PRIMARY KEY (team, id, version)
);
