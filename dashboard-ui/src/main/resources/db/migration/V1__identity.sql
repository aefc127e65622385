CREATE TABLE users (
  id            uuid        PRIMARY KEY,
  name          text        NOT NULL,
  -- Names differ by more than their case.
  name_key      text        NOT NULL UNIQUE,
  team          text        NOT NULL,
  password_hash text        NOT NULL,
  roles         text[]      NOT NULL,
  disabled      boolean     NOT NULL DEFAULT false,
  created_by    text        NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX users_team ON users (team, id);

-- One sign-in on one device. Revoked as a whole when an old token of it comes back.
CREATE TABLE refresh_families (
  id             uuid        PRIMARY KEY,
  user_id        uuid        NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at     timestamptz NOT NULL,
  expires_at     timestamptz NOT NULL,
  revoked_at     timestamptz,
  revoked_reason text
);
CREATE INDEX refresh_families_user ON refresh_families (user_id);
CREATE INDEX refresh_families_expiry ON refresh_families (expires_at);

-- Only SHA-256 of the token is kept: whoever reads this table cannot use it.
CREATE TABLE refresh_tokens (
  token_hash bytea       PRIMARY KEY,
  family_id  uuid        NOT NULL REFERENCES refresh_families ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at    timestamptz
);
CREATE INDEX refresh_tokens_family ON refresh_tokens (family_id);

-- Shared by all replicas. The private half is encrypted with a key derived from SKEIN_FRONTDOOR_KEY_SECRET.
CREATE TABLE signing_keys (
  kid         text        PRIMARY KEY,
  public_key  bytea       NOT NULL,
  private_key bytea       NOT NULL,
  created_at  timestamptz NOT NULL DEFAULT now(),
  retired_at  timestamptz
);
