-- Only SHA-256 of the token is kept: whoever reads this table cannot use it. A token dies with its owner.
CREATE TABLE api_tokens (
  id           uuid        PRIMARY KEY,
  token_hash   bytea       NOT NULL UNIQUE,
  owner_id     uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
  name         text        NOT NULL,
  kind         text        NOT NULL CHECK (kind IN ('person', 'node', 'agent')),
  -- The node or agent it speaks for; null for a person's.
  subject      text,
  -- At most these of the owner's roles; empty for nodes and agents, whose rights are the broker's.
  scopes       text[]      NOT NULL,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at   timestamptz,
  revoked_by   text,
  CHECK ((kind = 'person') = (subject IS NULL))
);
CREATE INDEX api_tokens_owner ON api_tokens (owner_id, id);
