-- Which files a digest stands for, so that a change after an approval can be named.
CREATE TABLE content (
  sha256 text PRIMARY KEY,
  files  jsonb       NOT NULL,
  at     timestamptz NOT NULL DEFAULT now()
);
