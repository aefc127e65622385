-- Who an account is at a provider. Names and e-mail addresses may change hands over there; issuer and subject never do.
CREATE TABLE provider_identities (
  issuer     text        NOT NULL,
  subject    text        NOT NULL,
  user_id    uuid        NOT NULL UNIQUE REFERENCES users ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  seen_at    timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject)
);

-- Whoever signs in with a provider has no password here.
ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;
