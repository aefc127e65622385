-- A team that is gone keeps its row and its name: what other services stored under it must not become somebody else's.
CREATE TABLE teams (
  name       text        PRIMARY KEY,
  created_by text        NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz
);
INSERT INTO teams (name, created_by, created_at) SELECT team, 'setup', min(created_at) FROM users GROUP BY team;
ALTER TABLE users ADD CONSTRAINT users_team_fk FOREIGN KEY (team) REFERENCES teams (name);

-- Rises when roles, state or password change. Access tokens carry it: one with a smaller number is no longer good.
ALTER TABLE users ADD COLUMN version bigint NOT NULL DEFAULT 0;

-- Names of people who were deleted, for the same reason as deleted teams.
CREATE TABLE former_names (
  name_key   text        PRIMARY KEY,
  team       text        NOT NULL,
  deleted_by text        NOT NULL,
  deleted_at timestamptz NOT NULL
);

-- What ended before its access tokens did: of a person, the tokens below the version; of a sign-in, all. Read by every replica
-- each half second; a row is dropped when no token it could stop is still within its lifetime.
CREATE TABLE token_cutoffs (
  subject uuid        PRIMARY KEY,
  version bigint      NOT NULL,
  cut_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX token_cutoffs_age ON token_cutoffs (cut_at);

-- The key that signs is the youngest whose time has come; one whose time is still to come is published all the same.
ALTER TABLE signing_keys ADD COLUMN signs_from timestamptz;
UPDATE signing_keys SET signs_from = created_at;
ALTER TABLE signing_keys ALTER COLUMN signs_from SET DEFAULT now(), ALTER COLUMN signs_from SET NOT NULL;
-- When a key stops signing follows from the next one.
ALTER TABLE signing_keys DROP COLUMN retired_at;
