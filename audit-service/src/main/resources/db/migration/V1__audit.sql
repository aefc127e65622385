-- The head of each hash chain. Whoever appends locks the row, so that entries of one chain are written one after the other
-- however many replicas there are.
CREATE TABLE chain (
  partition text PRIMARY KEY,
  seq       bigint NOT NULL,
  hash      text   NOT NULL
);
INSERT INTO chain (partition, seq, hash) VALUES ('main', 0, repeat('0', 64));

-- The hash covers every column but search (derived, for finding only) and hash itself.
CREATE TABLE entry (
  partition     text        NOT NULL,
  seq           bigint      NOT NULL,
  id            uuid        NOT NULL,
  at            timestamptz NOT NULL,
  recorded_at   timestamptz NOT NULL,
  source        text        NOT NULL,
  type          text        NOT NULL,
  status        text        NOT NULL,
  subject       text,
  team          text        NOT NULL,
  actor         text,
  trace_id      text,
  plan_id       uuid,
  task_id       uuid,
  resources     jsonb       NOT NULL,
  usage         jsonb,
  data          jsonb       NOT NULL,
  previous_hash text        NOT NULL,
  hash          text        NOT NULL,
  search        tsvector    NOT NULL,
  PRIMARY KEY (partition, seq)
);
CREATE UNIQUE INDEX entry_event ON entry (source, id);
CREATE INDEX entry_team ON entry (team, seq DESC);
CREATE INDEX entry_plan ON entry (plan_id, seq) WHERE plan_id IS NOT NULL;
CREATE INDEX entry_type ON entry (type text_pattern_ops, seq);
CREATE INDEX entry_at ON entry (at);
CREATE INDEX entry_resources ON entry USING gin (resources);
CREATE INDEX entry_search ON entry USING gin (search);
CREATE INDEX entry_previous ON entry (partition, previous_hash);

-- Records of finished tasks on their way into git: written with their entry, committed afterwards.
CREATE TABLE record (
  task_id      uuid PRIMARY KEY,
  plan_id      uuid,
  kind         text        NOT NULL CHECK (kind IN ('step', 'plan')),
  status       text        NOT NULL,
  team         text        NOT NULL,
  trace_id     text,
  entry_seq    bigint      NOT NULL,
  path         text        NOT NULL,
  content      text        NOT NULL,
  state        text        NOT NULL CHECK (state IN ('pending', 'committed')),
  commit_id    text,
  chain_head   text,
  created_at   timestamptz NOT NULL,
  committed_at timestamptz
);
CREATE INDEX record_pending ON record (entry_seq) WHERE state = 'pending';
