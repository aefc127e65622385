-- Whose session or plan an event is about: of the team, only that person and those who approve may see it. Null: the team's.
ALTER TABLE event_log ADD COLUMN owner text;
CREATE INDEX event_log_owner ON event_log (team, owner, seq DESC);
