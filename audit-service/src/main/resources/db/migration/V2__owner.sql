-- Whose session or plan an entry is about: of the team, only that person and those who approve may see it. Null: the team's.
-- Part of what is hashed when it is there; entries from before have none and keep their hashes.
ALTER TABLE entry ADD COLUMN owner text;
CREATE INDEX entry_owner ON entry (team, owner, seq DESC);

ALTER TABLE record ADD COLUMN owner text;
